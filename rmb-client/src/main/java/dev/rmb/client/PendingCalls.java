package dev.rmb.client;

import dev.rmb.proto.Envelope;
import dev.rmb.protocol.Address;
import dev.rmb.protocol.envelope.Envelopes;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
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
        private final CompletableFuture<Reply> reply = new CompletableFuture<>();
        private volatile boolean sent;

        private Pending(String uid, Call call) {
            this.uid = uid;
            this.call = call;
        }

        CompletableFuture<Reply> reply() {
            return reply;
        }

        /** It was written to a socket. */
        void sent() {
            sent = true;
        }

        boolean isSent() {
            return sent;
        }

        private RmbException timeout() {
            return sent
                    ? new CallTimeoutException(call.to(), call.command(), call.ttl())
                    : new NotConnectedException("no connection to the relay within " + call.ttl());
        }
    }

    private final ConcurrentMap<String, Pending> byUid = new ConcurrentHashMap<>();
    private final Budget budget;
    private final Executor callbacks;

    /**
     * Without any calls.
     *
     * @param max how many may wait at a time
     * @param callbacks completes their replies
     */
    PendingCalls(int max, Executor callbacks) {
        this.budget = new Budget(max, Long.MAX_VALUE);
        this.callbacks = callbacks;
    }

    /**
     * Adds a call.
     *
     * @return {@code null} if too many wait already
     */
    @Nullable Pending add(String uid, Call call) {
        if (!budget.tryTake(1)) {
            return null;
        }
        var pending = new Pending(uid, call);
        byUid.put(uid, pending);
        return pending;
    }

    /**
     * Takes an answer to the call it belongs to.
     *
     * @return whether there is one
     */
    boolean answer(Envelope envelope) {
        Pending pending = byUid.get(envelope.getUid());
        if (pending == null) {
            return false;
        }
        Address source = Envelopes.fromProto(envelope.getSource());
        boolean fromRelay = source == null && envelope.hasError();
        boolean fromCalled = source != null && source.twin() == pending.call.to().twin();
        if (!fromRelay && !fromCalled) {
            return false;
        }
        if (envelope.hasError()) {
            long code = Integer.toUnsignedLong(envelope.getError().getCode());
            String text = envelope.getError().getMessage();
            fail(pending, new RemoteErrorException(code, text, fromRelay));
        } else if (envelope.hasCipher()) {
            fail(pending, new UnreadablePayloadException("the answer is encrypted"));
        } else if (source != null) {
            var reply = new Reply(source, envelope);
            end(pending, () -> pending.reply.complete(reply));
        }
        return true;
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
            budget.release(1);
        }
    }

    private void end(Pending pending, Runnable completion) {
        if (byUid.remove(pending.uid, pending)) {
            callbacks.execute(() -> {
                // Only now, so that the bound holds for the executor's queue, too.
                budget.release(1);
                completion.run();
            });
        }
    }
}
