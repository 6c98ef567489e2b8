package dev.rmb.router.link;

import dev.rmb.cluster.link.GatewayMessage;
import dev.rmb.cluster.link.Offer;
import dev.rmb.cluster.link.RouterMessage;
import dev.rmb.cluster.link.Whereabouts;
import dev.rmb.protocol.Address;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;
import org.jctools.queues.MpscChunkedArrayQueue;
import org.jctools.queues.MpscUnboundedArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * What other threads tell an open partition: many write, its stream thread reads.
 *
 * <p>What gateways say is bounded. A link for which there is no room is closed, and nothing that it
 * said from then on counts: its gateway opens another one and says everything anew, so neither an
 * acknowledgement nor a session is lost. Signals from within the process have no bound of their
 * own: there is at most one for each link, each claim and each question that the partition asked.
 */
public final class Inbox {
    /** Room for a burst of acknowledgements while the stream thread restores or commits. */
    private static final int CAPACITY = 1 << 16;

    private static final int CHUNK = 1 << 10;
    private static final int SIGNALS = 1 << 6;

    /** What does not fit waits for the log. */
    private static final int OFFERS = 1 << 12;

    private static final long OFFERED_BYTES = 4 << 20;

    private final Queue<Heard> heard;
    private final Queue<Heard> offers = new MpscChunkedArrayQueue<>(SIGNALS, OFFERS);
    private final AtomicLong offeredBytes = new AtomicLong();
    private volatile Runnable whenOffered = () -> {};
    private volatile Runnable whenHeard = () -> {};
    private final MpscUnboundedArrayQueue<Runnable> signals =
            new MpscUnboundedArrayQueue<>(SIGNALS);

    /** Takes what gateways said, on the stream thread. */
    public interface Reader {
        void received(OpenLink link, GatewayMessage message);

        /** Offers, whose order among everything else does not matter. */
        void offered(OpenLink link, GatewayMessage.Offers offers);

        void closed(OpenLink link);

        /**
         * Whether that address is connected, after all that was received before the question. Who
         * does not know under which claim that is asked says so.
         */
        default Whereabouts asked(OpenLink link, long epoch, Address address) {
            return Whereabouts.UNKNOWN;
        }
    }

    /** {@code null} is the end of the link. */
    private record Heard(OpenLink link, @Nullable GatewayMessage message) {}

    Inbox() {
        this(CAPACITY);
    }

    Inbox(int capacity) {
        this.heard = new MpscChunkedArrayQueue<>(Math.min(CHUNK, capacity / 2), capacity);
    }

    /** Has {@code signal} run on the stream thread, before what gateways said. */
    public void signal(Runnable signal) {
        signals.add(signal);
        whenHeard.run();
    }

    /** Has {@code call} run when offers come, on any thread. */
    public void whenOffered(Runnable call) {
        whenOffered = call;
    }

    /** Has {@code call} run when anything else comes, on any thread. */
    public void whenHeard(Runnable call) {
        whenHeard = call;
    }

    /** Has the stream thread look soon what it can do, though nothing came; on any thread. */
    void look() {
        whenHeard.run();
    }

    /** Reads the offers that are there, on the stream thread. */
    public void drainOffers(Reader reader) {
        for (int i = 0; i < OFFERS; i++) {
            Heard next = offers.poll();
            if (next == null) {
                return;
            }
            if (next.message() instanceof GatewayMessage.Offers offered) {
                offeredBytes.addAndGet(-bytes(offered));
                if (!next.link().isOverrun()) {
                    reader.offered(next.link(), offered);
                }
            }
        }
    }

    public boolean isEmpty() {
        return heard.isEmpty() && signals.isEmpty();
    }

    /**
     * Reads what is there, on the stream thread.
     *
     * @param atMost messages of gateways
     */
    public void drain(Reader reader, int atMost) {
        Runnable signal;
        while ((signal = signals.poll()) != null) {
            signal.run();
        }
        for (int i = 0; i < atMost; i++) {
            Heard next = heard.poll();
            if (next == null) {
                return;
            }
            OpenLink link = next.link();
            GatewayMessage message = next.message();
            if (link.isOverrun()) {
                continue;
            }
            if (message == null) {
                reader.closed(link);
            } else if (message instanceof GatewayMessage.Asked asked) {
                link.send(
                        new RouterMessage.Answered(
                                asked.partition(),
                                asked.epoch(),
                                asked.question(),
                                reader.asked(link, asked.epoch(), asked.address())));
            } else {
                reader.received(link, message);
            }
        }
    }

    /** Returns {@code false} if there is no room. */
    boolean offer(OpenLink link, GatewayMessage message) {
        boolean isThere = heard.offer(new Heard(link, message));
        whenHeard.run();
        return isThere;
    }

    /** Offers are hints: returns {@code false} if there was no room, and they are forgotten. */
    boolean offerBeside(OpenLink link, GatewayMessage.Offers offered) {
        long bytes = bytes(offered);
        if (offeredBytes.addAndGet(bytes) > OFFERED_BYTES
                || !offers.offer(new Heard(link, offered))) {
            offeredBytes.addAndGet(-bytes);
            return false;
        }
        whenOffered.run();
        return true;
    }

    private static long bytes(GatewayMessage.Offers offered) {
        long bytes = 0;
        for (Offer offer : offered.offers()) {
            bytes += offer.envelope().length;
        }
        return bytes;
    }

    /** The link ended; {@code reader} is told in any case. */
    void closed(OpenLink link, Reader reader) {
        if (link.isOverrun() || !heard.offer(new Heard(link, null))) {
            link.overrun();
            signals.add(() -> reader.closed(link));
        }
        whenHeard.run();
    }
}
