package dev.rmb.client;

import dev.rmb.proto.Envelope;
import dev.rmb.protocol.Address;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The calls that wait for an answer. They know nothing of connections, so they outlive them.
 * Thread-safe: whoever takes a call out of here ends it.
 */
final class PendingCalls {
    /** A call that waits. */
    static final class Pending {
        private final String uid;
        private final Call call;
        private final long endsAt;
        private final CompletableFuture<Reply> reply = new CompletableFuture<>();
        private volatile boolean sent;

        private Pending(String uid, Call call, long endsAt) {
            this.uid = uid;
            this.call = call;
            this.endsAt = endsAt;
        }

        /** When its time is over, of {@link System#nanoTime}. */
        long endsAt() {
            return endsAt;
        }

        String uid() {
            return uid;
        }

        Call call() {
            return call;
        }

        CompletableFuture<Reply> reply() {
            return reply;
        }

        /** It was written to a connection. */
        void sent() {
            sent = true;
        }

        boolean isSent() {
            return sent;
        }

        private RmbException timeout() {
            return sent
                    ? new CallTimeoutException(call.to(), call.command(), call.ttl())
                    : new NotConnectedException("no connection to a relay within " + call.ttl());
        }
    }

    /** What no deadline ends within the life of a client. */
    private static final Duration LONGEST_TTL = Duration.ofDays(365);

    private final ConcurrentMap<String, Pending> byUid = new ConcurrentHashMap<>();
    private final Semaphore room;
    private final Executor callbacks;

    /**
     * Without any calls.
     *
     * @param max how many may wait at a time
     * @param callbacks completes their replies
     */
    PendingCalls(int max, Executor callbacks) {
        // Fair, so that whoever waits for room gets it in the end.
        this.room = new Semaphore(max, true);
        this.callbacks = callbacks;
    }

    /**
     * Adds a call.
     *
     * @return {@code null} if too many wait already
     */
    @Nullable Pending add(String uid, Call call) {
        return room.tryAcquire() ? added(uid, call) : null;
    }

    /**
     * Adds a call as soon as there is room.
     *
     * @return {@code null} if there was none in its time
     */
    @Nullable Pending addWithin(Duration time, String uid, Call call) throws InterruptedException {
        return room.tryAcquire(time.toMillis(), TimeUnit.MILLISECONDS) ? added(uid, call) : null;
    }

    private Pending added(String uid, Call call) {
        Duration time = call.ttl().compareTo(LONGEST_TTL) > 0 ? LONGEST_TTL : call.ttl();
        var pending = new Pending(uid, call, System.nanoTime() + time.toNanos());
        byUid.put(uid, pending);
        return pending;
    }

    /**
     * Takes an answer to the call it belongs to, if it is of the twin that was called, or of a
     * relay.
     *
     * @return whether there is one
     */
    boolean answer(ReceivedEnvelope received) {
        Envelope envelope = received.envelope();
        Pending pending = byUid.get(envelope.getUid());
        if (pending == null) {
            return false;
        }
        Address source = received.source().orElse(null);
        boolean fromRelay = source == null && envelope.hasError();
        boolean fromCalled = source != null && source.twin() == pending.call.to().twin();
        if (!fromRelay && !fromCalled) {
            return false;
        }
        if (envelope.hasError()) {
            long code = Integer.toUnsignedLong(envelope.getError().getCode());
            String text = envelope.getError().getMessage();
            fail(pending, new RemoteErrorException(code, text, fromRelay));
        } else if (source != null) {
            var reply = new Reply(source, envelope, received.payload());
            end(pending, () -> pending.reply.complete(reply));
        }
        return true;
    }

    /**
     * An answer came that bears the signature of the twin that was called, and cannot be decrypted:
     * no other will come.
     */
    void unreadable(Envelope envelope, String reason) {
        Pending pending = byUid.get(envelope.getUid());
        if (pending != null
                && Integer.toUnsignedLong(envelope.getSource().getTwin())
                        == pending.call.to().twin()) {
            fail(pending, new UnreadablePayloadException("the answer is of no use: " + reason));
        }
    }

    /** Those that were sent and may be sent again. */
    Collection<Pending> repeatable() {
        return byUid.values().stream()
                .filter(pending -> pending.sent && pending.call.isIdempotent())
                .toList();
    }

    /** Its time is over. */
    void expire(Pending pending) {
        fail(pending, pending.timeout());
    }

    /** Ends a call without an answer, if it still waits for one. */
    void fail(Pending pending, RmbException reason) {
        end(pending, () -> pending.reply.completeExceptionally(reason));
    }

    /** Ends all calls. */
    void failAll(RmbException reason) {
        List.copyOf(byUid.values()).forEach(pending -> fail(pending, reason));
    }

    /** Forgets a call that its caller has completed. */
    void forget(Pending pending) {
        if (byUid.remove(pending.uid, pending)) {
            room.release();
        }
    }

    int size() {
        return byUid.size();
    }

    private void end(Pending pending, Runnable completion) {
        if (byUid.remove(pending.uid, pending)) {
            callbacks.execute(() -> {
                // Only now, so that the bound holds for the executor's queue, too.
                room.release();
                completion.run();
            });
        }
    }
}
