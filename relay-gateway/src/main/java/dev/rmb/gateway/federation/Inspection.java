package dev.rmb.gateway.federation;

import dev.rmb.cluster.bans.Bans;
import dev.rmb.gateway.federation.Twins.Source;
import dev.rmb.gateway.ratelimit.RateLimiter;
import dev.rmb.gateway.ratelimit.RateLimits;
import dev.rmb.gateway.session.Presence;
import dev.rmb.protocol.Address;
import dev.rmb.protocol.envelope.EnvelopeHeader;
import dev.rmb.twins.RelayDomains;
import dev.rmb.twins.Twin;
import dev.rmb.twins.TwinDirectory;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether an envelope that another relay brings may go into the log. The cheap questions come
 * first, and those that only an honest sender gets to last. Thread-safe, never blocks.
 */
final class Inspection implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Inspection.class);

    private final FederationSettings settings;
    private final Screening screening;
    private final Twins twins;
    private final SignatureChecks signatures;
    private final Presence presence;
    private final Bans bans;
    private final RateLimiter perTwin;
    private final Clock clock;

    /**
     * @param name of the gateway, for the threads'
     * @param ours by which twins name this relay
     */
    Inspection(
            String name,
            FederationSettings settings,
            RateLimits perTwin,
            TwinDirectory directory,
            RelayDomains ours,
            Presence presence,
            Bans bans,
            Clock clock) {
        this.settings = settings;
        this.screening = new Screening(settings);
        this.twins = new Twins(directory, ours);
        this.signatures = new SignatureChecks(name, settings);
        this.presence = presence;
        this.bans = bans;
        this.perTwin = new RateLimiter(perTwin);
        this.clock = clock;
    }

    /**
     * {@link Answer#ACCEPTED} if it may. Never fails; the answer comes on any thread.
     *
     * @param bytes the whole envelope, which must not change
     */
    CompletionStage<Answer> inspect(EnvelopeHeader envelope, byte[] bytes) {
        Answer refusal =
                screening.refusal(envelope, bytes.length, clock.instant().getEpochSecond());
        if (refusal == null && envelope.sourceTwin() != 0 && bans.isBanned(envelope.sourceTwin())) {
            refusal = Answer.BANNED;
        }
        if (refusal != null) {
            return CompletableFuture.completedStage(refusal);
        }
        CompletionStage<Answer> answer =
                source(envelope)
                        .thenCompose(source -> verified(bytes, source))
                        .thenApply(so -> so == Answer.ACCEPTED ? limited(envelope, bytes) : so)
                        .thenCompose(so ->
                                so == Answer.ACCEPTED && envelope.failFast()
                                        ? reachable(envelope)
                                        : CompletableFuture.completedStage(so));
        return answer.exceptionally(failure -> {
            log.error("An envelope of another relay could not be inspected", failure);
            return Answer.BUSY;
        });
    }

    @Override
    public void close() {
        signatures.close();
    }

    /** The destination first: what is not for this relay costs one look-up and nothing more. */
    private CompletionStage<Source> source(EnvelopeHeader envelope) {
        return twins.destination(envelope.destinationTwin())
                .thenCompose(so -> {
                    if (so != Answer.ACCEPTED) {
                        return CompletableFuture.completedStage(new Source.Not(so));
                    }
                    return envelope.sourceTwin() == 0
                            ? CompletableFuture.completedStage(new Source.Relay())
                            : twins.source(envelope.sourceTwin());
                })
                .toCompletableFuture()
                .copy()
                .orTimeout(settings.lookUpTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .exceptionally(failure -> {
                    log.debug("A twin could not be looked up: {}", failure.toString());
                    return new Source.Not(Answer.LOOK_UP_FAILED);
                });
    }

    private CompletionStage<Answer> verified(byte[] envelope, Source source) {
        return switch (source) {
            case Source.Not(Answer why) -> CompletableFuture.completedStage(why);
            case Source.Relay _ -> CompletableFuture.completedStage(Answer.ACCEPTED);
            case Source.Known(Twin twin) ->
                    settings.verify()
                            ? signatures.check(envelope, twin.account())
                            : CompletableFuture.completedStage(Answer.ACCEPTED);
        };
    }

    /** After the signature: otherwise anybody could use up what another has. */
    private Answer limited(EnvelopeHeader envelope, byte[] bytes) {
        long twin = envelope.sourceTwin();
        return twin == 0 || perTwin.take(twin, bytes.length, clock.millis())
                ? Answer.ACCEPTED
                : Answer.RATE_LIMITED;
    }

    private CompletionStage<Answer> reachable(EnvelopeHeader envelope) {
        Address destination = envelope.destination();
        if (destination == null) {
            throw new IllegalStateException("an envelope without destination was not refused");
        }
        return presence.whereabouts(destination)
                .thenApply(found ->
                        switch (found) {
                            case CONNECTED -> Answer.ACCEPTED;
                            case OFFLINE -> Answer.OFFLINE;
                            case UNKNOWN -> Answer.WHEREABOUTS_UNKNOWN;
                        });
    }
}
