package dev.rmb.client;

import org.jspecify.annotations.Nullable;

/**
 * One request that is with its handler: ends once, with the handler's answer or with the end of the
 * request's time, whichever comes first. Thread-safe.
 */
final class Serving {
    private final Runnable served;
    private boolean over;
    private boolean interrupted;
    private @Nullable Thread thread;

    /**
     * @param served runs when it ends without an answer
     */
    Serving(Runnable served) {
        this.served = served;
    }

    /** What runs when its answer is written, or never will be. */
    Runnable served() {
        return served;
    }

    /**
     * The handler begins, on this thread.
     *
     * @return whether there is still time
     */
    synchronized boolean begins() {
        if (over) {
            return false;
        }
        thread = Thread.currentThread();
        return true;
    }

    /** The handler has returned, and perhaps goes on elsewhere. On the thread on which it began. */
    synchronized void returned() {
        thread = null;
        if (interrupted) {
            // It was for the handler.
            var unused = Thread.interrupted();
        }
    }

    /**
     * There is an answer.
     *
     * @return whether it may be given
     */
    synchronized boolean answers() {
        boolean inTime = !over;
        over = true;
        return inTime;
    }

    /**
     * Its time is over. A handler that still keeps its thread is interrupted.
     *
     * @return whether there was no answer before
     */
    boolean giveUp() {
        synchronized (this) {
            if (over) {
                return false;
            }
            over = true;
            if (thread != null) {
                interrupted = true;
                thread.interrupt();
            }
        }
        served.run();
        return true;
    }
}
