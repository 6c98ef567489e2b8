package dev.rmb.bench.load;

/**
 * When a sender may send. Senders of one run share a pace.
 *
 * <p>Closed loop: as fast as the messages arrive, with a window in flight; it finds the throughput.
 * Open loop: by the clock, whatever happened to the messages before; it finds the latency, counted
 * from the time at which a message should have been sent, so that a stall is seen in every message
 * that it held up.
 */
sealed interface Pace {
    /**
     * How many messages a sender may have sent by now.
     *
     * @param sender its index
     * @param answered how many of its messages are over: arrived or refused
     * @param nowNanos of {@link System#nanoTime}
     */
    long allowed(int sender, long answered, long nowNanos);

    /** When the message should be sent, of {@link System#nanoTime}. */
    long intendedNanos(int sender, long number, long nowNanos);

    /**
     * A window for each sender.
     *
     * @param window messages in flight
     */
    record Closed(int window) implements Pace {
        @Override
        public long allowed(int sender, long answered, long nowNanos) {
            return answered + window;
        }

        @Override
        public long intendedNanos(int sender, long number, long nowNanos) {
            return nowNanos;
        }
    }

    /**
     * A steady rate, to which the senders contribute in turn.
     *
     * @param startNanos when the first message is due
     * @param senders how many there are
     * @param perSecond messages of all of them together
     */
    record Open(long startNanos, int senders, double perSecond) implements Pace {
        private static final double NANOS = 1e9;

        @Override
        public long allowed(int sender, long answered, long nowNanos) {
            if (nowNanos < startNanos) {
                return 0;
            }
            double due = (nowNanos - startNanos) * perSecond / NANOS;
            return due < sender ? 0 : (long) ((due - sender) / senders) + 1;
        }

        @Override
        public long intendedNanos(int sender, long number, long nowNanos) {
            return startNanos + (long) ((number * senders + sender) * NANOS / perSecond);
        }
    }
}
