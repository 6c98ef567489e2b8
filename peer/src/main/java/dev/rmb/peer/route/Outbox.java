package dev.rmb.peer.route;

import dev.rmb.peer.message.OutgoingRequest;
import dev.rmb.peer.message.OutgoingResponse;
import dev.rmb.peer.message.PeerError;
import dev.rmb.peer.redis.StoreException;
import dev.rmb.peer.relay.SendException;
import dev.rmb.peer.relay.Uplink;
import dev.rmb.peer.seal.EnvelopeSeal;
import dev.rmb.proto.Backlog;
import dev.rmb.proto.Envelope;
import dev.rmb.proto.Error;
import dev.rmb.protocol.envelope.Lifetime;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends requests and answers, and tells who asked for it when that does not work. Thread-safe. */
public final class Outbox {
    private static final Logger log = LoggerFactory.getLogger(Outbox.class);

    private final EnvelopeSeal seal;
    private final Uplink uplink;
    private final LocalLists lists;
    private final InstantSource clock;
    private final Lanes lanes = new Lanes("send");

    public Outbox(EnvelopeSeal seal, Uplink uplink, LocalLists lists, InstantSource clock) {
        this.seal = seal;
        this.uplink = uplink;
        this.lists = lists;
        this.clock = clock;
    }

    /** What became of an envelope: nothing to tell, or why it did not leave. */
    public sealed interface Sent {
        /** A relay has it, as far as can be seen from here. */
        record Away() implements Sent {}

        /** It did not leave. */
        record Failed(PeerError error) implements Sent {}
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
        for (long twin : request.destinations()) {
            lanes.add(
                    twin,
                    request.payload().size(),
                    () ->
                            send(request.envelope(uid, stamped, twin))
                                    .thenCompose(sent -> tell(backlog, sent)));
        }
    }

    /** A failure is told on a thread of its own: whoever completes a stage must not wait. */
    private CompletionStage<?> tell(Backlog backlog, Sent sent) {
        return switch (sent) {
            case Sent.Away _ -> CompletableFuture.completedStage(null);
            case Sent.Failed(PeerError error) -> {
                var told = new CompletableFuture<Void>();
                Thread.ofVirtual()
                        .name("tell")
                        .start(() -> {
                            try {
                                lists.error(backlog, error);
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            } finally {
                                told.complete(null);
                            }
                        });
                yield told;
            }
        };
    }

    /** Answers. */
    void respond(OutgoingResponse response) throws InterruptedException {
        Envelope envelope = response.envelopeAt(now());
        if (envelope.getExpiration() == 0) {
            log.warn("The answer to {} is too old to be sent", response.uid());
            return;
        }
        var _ = send(envelope, envelope.getPlain().size());
    }

    /**
     * Sends an envelope to its destination, after what was sent there before. An answer that cannot
     * be encrypted becomes an error.
     *
     * @param envelope neither encrypted nor signed
     */
    public CompletionStage<Sent> send(Envelope envelope, int bytes) throws InterruptedException {
        var result = new CompletableFuture<Sent>();
        lanes.add(
                Integer.toUnsignedLong(envelope.getDestination().getTwin()),
                bytes,
                () ->
                        send(envelope)
                                .whenComplete((sent, failure) -> {
                                    if (failure != null) {
                                        result.completeExceptionally(failure);
                                        return;
                                    }
                                    if (sent instanceof Sent.Failed(PeerError error)
                                            && !envelope.hasRequest()) {
                                        log.warn(
                                                "The answer to {} was not sent: {}",
                                                envelope.getUid(),
                                                error.text());
                                    }
                                    result.complete(sent);
                                }));
        return result;
    }

    private CompletionStage<Sent> send(Envelope envelope) throws InterruptedException {
        return switch (seal.close(envelope)) {
            case EnvelopeSeal.Result.Good(Envelope sealed) -> handOver(sealed);
            case EnvelopeSeal.Result.Bad(PeerError error) -> {
                if (envelope.hasResponse() && error.code() == 106) {
                    yield handOver(withError(envelope, error));
                }
                yield CompletableFuture.completedStage(new Sent.Failed(error));
            }
            case EnvelopeSeal.Result.Ignored(String why) ->
                    CompletableFuture.completedStage(new Sent.Failed(PeerError.other(why)));
        };
    }

    private static Envelope withError(Envelope envelope, PeerError error) {
        return envelope.toBuilder()
                .clearPayload()
                .setError(Error.newBuilder().setCode((int) error.code()).setMessage(error.text()))
                .build();
    }

    private CompletionStage<Sent> handOver(Envelope sealed) {
        return uplink.send(sealed)
                .handle((done, failure) -> {
                    if (failure == null) {
                        return new Sent.Away();
                    }
                    Throwable cause =
                            failure instanceof CompletionException && failure.getCause() != null
                                    ? failure.getCause()
                                    : failure;
                    return new Sent.Failed(
                            cause instanceof SendException known
                                    ? known.error()
                                    : PeerError.other(cause.toString()));
                });
    }

    /** Tells the sender of a request what is wrong with it. */
    public void refuse(Envelope request, PeerError error, long expiration)
            throws InterruptedException {
        Envelope.Builder answer =
                Envelope.newBuilder()
                        .setUid(request.getUid())
                        .setTimestamp(now())
                        .setExpiration(Math.clamp(expiration, 1L, OutgoingRequest.MAX_TTL))
                        .setDestination(request.getSource())
                        .setError(
                                Error.newBuilder()
                                        .setCode((int) error.code())
                                        .setMessage(error.text()));
        if (request.hasTags()) {
            answer.setTags(request.getTags());
        }
        var _ = send(answer.build(), 0);
    }

    /** Waits for what is being sent. */
    boolean awaitIdle(Duration time) throws InterruptedException {
        return lanes.awaitIdle(time);
    }
}
