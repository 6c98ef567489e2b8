package dev.rmb.gateway.federation;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.rmb.proto.Envelope;
import dev.rmb.protocol.envelope.Envelopes;
import dev.rmb.protocol.identity.AccountId;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks envelopes' signatures, on a few threads of its own: a flood of forged ones takes no time
 * from the event loops, nor from clients whose tokens are checked. Thread-safe.
 */
final class SignatureChecks implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SignatureChecks.class);

    private static final long CLOSE_MS = 2_000;

    private final ThreadPoolExecutor checks;

    /**
     * @param name of the gateway, for the threads'
     */
    SignatureChecks(String name, FederationSettings settings) {
        this.checks =
                new ThreadPoolExecutor(
                        settings.threads(),
                        settings.threads(),
                        0,
                        TimeUnit.SECONDS,
                        new ArrayBlockingQueue<>(settings.queue()),
                        Thread.ofPlatform().name(name + "-federation-", 0).daemon().factory());
    }

    /** {@link Answer#ACCEPTED} if the account signed the envelope. */
    CompletionStage<Answer> check(byte[] envelope, AccountId account) {
        try {
            return CompletableFuture.supplyAsync(() -> verify(envelope, account), checks);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.completedStage(Answer.BUSY);
        }
    }

    private static Answer verify(byte[] envelope, AccountId account) {
        try {
            return Envelopes.verify(Envelope.parseFrom(envelope), account)
                    ? Answer.ACCEPTED
                    : Answer.WRONG_SIGNATURE;
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("what could be scanned cannot be parsed", e);
        }
    }

    @Override
    public void close() {
        checks.shutdownNow();
        try {
            if (!checks.awaitTermination(CLOSE_MS, TimeUnit.MILLISECONDS)) {
                log.debug("A signature is still being checked");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
