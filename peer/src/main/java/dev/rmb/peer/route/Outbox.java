package dev.rmb.peer.route;

import dev.rmb.client.CannotEncryptException;
import dev.rmb.client.DeliveryUncertainException;
import dev.rmb.client.EnvelopeTooLargeException;
import dev.rmb.client.NotConnectedException;
import dev.rmb.client.RmbSession;
import dev.rmb.client.UnknownTwinException;
import dev.rmb.peer.message.OutgoingRequest;
import dev.rmb.peer.message.OutgoingResponse;
import dev.rmb.peer.message.PeerError;
import dev.rmb.peer.redis.StoreException;
import dev.rmb.proto.Backlog;
import dev.rmb.proto.Envelope;
import dev.rmb.proto.Error;
import dev.rmb.protocol.envelope.Lifetime;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends requests and answers, and tells who asked for it when that does not work. Whoever sends
 * waits while too much is on its way to the relays; what comes first to a twin arrives first.
 * Thread-safe.
 */
public final class Outbox implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Outbox.class);

    /** While no relay is there, as many messages wait for one; the others wait in Redis. */
    private static final int MAX_MESSAGES = 10_000;

    /** Less than the session takes, and more than a message can have. */
    private static final int MAX_KIBIBYTES = 30 * 1024;

    private final RmbSession session;
    private final LocalLists lists;
    private final InstantSource clock;
    private final Semaphore messages = new Semaphore(MAX_MESSAGES);
    private final Semaphore kibibytes = new Semaphore(MAX_KIBIBYTES);
    private final Set<Thread> telling = ConcurrentHashMap.newKeySet();
    private final Unanswered unanswered;

    public Outbox(RmbSession session, LocalLists lists, InstantSource clock) {
        this.session = session;
        this.lists = lists;
        this.clock = clock;
        this.unanswered = new Unanswered(backlog -> tell(backlog, PeerError.unanswered()));
    }

    /** What became of an envelope. */
    public sealed interface Sent {
        /** A relay has it, as far as can be seen from here. */
        record Away() implements Sent {}

        /**
         * It did not leave, or nobody knows whether it arrived.
         *
         * @param mayHaveArrived so that an answer may come yet
         */
        record Failed(PeerError error, boolean mayHaveArrived) implements Sent {}
    }

    private long now() {
        return clock.instant().getEpochSecond();
    }

    /** Asks every destination; each failure is told to the program that asked. */
    void request(OutgoingRequest request) throws InterruptedException {
        Lifetime stamped = OutgoingRequest.lifetimeAt(request.lifetime(), now());
        String uid = UUID.randomUUID().toString();
        Backlog backlog = request.backlog(uid, Math.max(1, stamped.expiration()), "");
        if (stamped.expiration() == 0) {
            lists.error(backlog, PeerError.expired());
            return;
        }
        try {
            lists.remember(backlog);
        } catch (StoreException e) {
            lists.error(backlog, PeerError.other(String.valueOf(e.getMessage())));
            return;
        }
        Set<Integer> asked =
                request.destinations().stream()
                        .filter(twin -> twin != 0)
                        .map(Long::intValue)
                        .collect(Collectors.toSet());
        if (!asked.isEmpty()) {
            unanswered.asked(backlog, asked);
        }
        for (long twin : request.destinations()) {
            if (twin == 0) {
                lists.error(backlog, PeerError.unknownTwin(twin));
                continue;
            }
            var _ =
                    send(request.envelope(uid, stamped, twin))
                            .thenAccept(sent -> {
                                if (sent instanceof Sent.Failed failed) {
                                    unsent(backlog, (int) twin, failed);
                                }
                            });
        }
    }

    /** A program hears once of each twin: what may have arrived is answered, or its time ends. */
    private void unsent(Backlog backlog, int twin, Sent.Failed failed) {
        if (failed.mayHaveArrived() && unanswered.waitsFor(backlog.getUid())) {
            log.debug("{} may have been sent to twin {} or not", backlog.getUid(), twin);
            return;
        }
        unanswered.ended(backlog.getUid(), twin);
        tell(backlog, failed.error());
    }

    /** An answer came, of a twin or of a relay. */
    void answered(Envelope answer) {
        int source = answer.getSource().getTwin();
        if (source == 0) {
            unanswered.oneEnded(answer.getUid());
        } else {
            unanswered.ended(answer.getUid(), source);
        }
    }

    /** On a thread of its own: whoever completes a stage must not wait. */
    private void tell(Backlog backlog, PeerError error) {
        Thread thread =
                Thread.ofVirtual()
                        .name("tell")
                        .unstarted(() -> {
                            try {
                                lists.error(backlog, error);
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            } finally {
                                telling.remove(Thread.currentThread());
                            }
                        });
        telling.add(thread);
        thread.start();
    }

    /** Answers. */
    void respond(OutgoingResponse response) throws InterruptedException {
        Envelope envelope = response.envelopeAt(now());
        if (envelope.getExpiration() == 0) {
            log.warn("The answer to {} is too old to be sent", response.uid());
            return;
        }
        answer(envelope);
    }

    /** Sends an answer; one that cannot be encrypted becomes an error. */
    public void answer(Envelope envelope) throws InterruptedException {
        var _ =
                send(envelope)
                        .thenAccept(sent -> {
                            if (sent instanceof Sent.Failed(PeerError error, _)) {
                                unanswered(envelope, error);
                            }
                        });
    }

    private void unanswered(Envelope envelope, PeerError error) {
        log.warn("The answer to {} was not sent: {}", envelope.getUid(), error.text());
        if (error.code() == PeerError.CRYPTO && envelope.hasResponse()) {
            var _ =
                    session.send(
                            envelope.toBuilder()
                                    .clearPayload()
                                    .setError(
                                            Error.newBuilder()
                                                    .setCode((int) error.code())
                                                    .setMessage(error.text()))
                                    .build());
        }
    }

    /** Tells the sender of a request what is wrong with it. */
    public void refuse(Envelope request, PeerError error, long expiration)
            throws InterruptedException {
        Envelope.Builder answer =
                Envelope.newBuilder()
                        .setUid(request.getUid())
                        .setTimestamp(now())
                        .setExpiration(expiration)
                        .setDestination(request.getSource())
                        .setError(
                                Error.newBuilder()
                                        .setCode((int) error.code())
                                        .setMessage(error.text()));
        if (request.hasTags()) {
            answer.setTags(request.getTags());
        }
        answer(answer.build());
    }

    /**
     * Sends an envelope to its destination, after what was sent there before.
     *
     * @param draft neither encrypted nor signed
     * @return never fails; dependents must not block
     */
    public CompletionStage<Sent> send(Envelope draft) throws InterruptedException {
        int size = Math.min(MAX_KIBIBYTES, 1 + draft.getSerializedSize() / 1024);
        messages.acquire();
        try {
            kibibytes.acquire(size);
        } catch (InterruptedException e) {
            messages.release();
            throw e;
        }
        // A second answer does less harm than none; a second request might do any.
        return handedOver(draft, !draft.hasRequest())
                .handle((done, failure) -> {
                    kibibytes.release(size);
                    messages.release();
                    return failure == null
                            ? new Sent.Away()
                            : new Sent.Failed(
                                    error(draft, failure),
                                    cause(failure) instanceof DeliveryUncertainException);
                });
    }

    private CompletionStage<Void> handedOver(Envelope draft, boolean repeatable) {
        try {
            return session.send(draft, repeatable);
        } catch (RuntimeException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null
                ? failure.getCause()
                : failure;
    }

    private static PeerError error(Envelope draft, Throwable failure) {
        Throwable cause = cause(failure);
        String text = String.valueOf(cause.getMessage());
        return switch (cause) {
            case UnknownTwinException _ ->
                    PeerError.unknownTwin(Integer.toUnsignedLong(draft.getDestination().getTwin()));
            case CannotEncryptException _ -> PeerError.crypto(text);
            case EnvelopeTooLargeException _ -> PeerError.invalidPayload("it is too large");
            case NotConnectedException _ -> PeerError.other("no relay could be reached in time");
            case DeliveryUncertainException _ ->
                    PeerError.other("the connection broke; the message may have arrived or not");
            default -> PeerError.other(text);
        };
    }

    /** Waits for what is being sent, and told. */
    boolean awaitIdle(Duration time) throws InterruptedException {
        long deadline = System.nanoTime() + time.toNanos();
        if (!messages.tryAcquire(MAX_MESSAGES, time.toMillis(), TimeUnit.MILLISECONDS)) {
            return false;
        }
        messages.release(MAX_MESSAGES);
        return awaitTold(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
    }

    /** Waits for those who tell programs what went wrong. */
    public boolean awaitTold(Duration time) throws InterruptedException {
        long deadline = System.nanoTime() + time.toNanos();
        for (Thread thread : telling) {
            if (!thread.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())))) {
                return false;
            }
        }
        return true;
    }

    /** The end of what nobody answers is not told any more. */
    @Override
    public void close() {
        unanswered.close();
    }
}
