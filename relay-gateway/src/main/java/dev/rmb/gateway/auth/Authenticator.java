package dev.rmb.gateway.auth;

import dev.rmb.cluster.bans.Bans;
import dev.rmb.protocol.token.Token;
import dev.rmb.protocol.token.TokenException;
import dev.rmb.protocol.token.Tokens;
import dev.rmb.protocol.token.UnverifiedToken;
import dev.rmb.twins.Twin;
import dev.rmb.twins.TwinDirectory;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks tokens. Thread-safe. Public-key work is done on a few threads of its own, so that a flood
 * of bad tokens takes no time from the event loops.
 */
public final class Authenticator implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Authenticator.class);

    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int FAILED = 500;
    private static final int BUSY = 503;
    private static final long CLOSE_MS = 2_000;

    private static final Authentication TOO_BUSY =
            new Authentication.Refused(BUSY, "relay busy, try again");

    private static final Authentication BANNED = new Authentication.Refused(FORBIDDEN, "banned");

    private final TwinDirectory directory;
    private final AuthSettings settings;
    private final Bans bans;
    private final Clock clock;
    private final ThreadPoolExecutor checks;

    /**
     * @param name of the gateway, for the threads'
     */
    public Authenticator(
            String name, TwinDirectory directory, AuthSettings settings, Bans bans, Clock clock) {
        this.directory = directory;
        this.settings = settings;
        this.bans = bans;
        this.clock = clock;
        this.checks =
                new ThreadPoolExecutor(
                        settings.threads(),
                        settings.threads(),
                        0,
                        TimeUnit.SECONDS,
                        new ArrayBlockingQueue<>(settings.queue()),
                        Thread.ofPlatform().name(name + "-auth-", 0).daemon().factory());
    }

    /**
     * Checks a token; never blocks and never fails. The answer comes on any thread.
     *
     * @param jwt the whole token and nothing else
     */
    public CompletionStage<Authentication> authenticate(String jwt) {
        UnverifiedToken token;
        try {
            token = Tokens.parse(jwt);
        } catch (TokenException e) {
            return CompletableFuture.completedStage(refused(e));
        }
        // Before the signature, so that a banned twin whose clients come again and again costs no
        // look-up and no public-key work. All that a stranger can learn by it is who is banned.
        if (bans.isBanned(token.twin())) {
            return CompletableFuture.completedStage(BANNED);
        }
        return directory
                .byId(token.twin())
                .toCompletableFuture()
                .copy()
                .orTimeout(settings.directoryTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .thenCompose(twin -> check(token, twin))
                .exceptionally(Authenticator::failed);
    }

    @Override
    public void close() {
        checks.shutdownNow();
        try {
            if (!checks.awaitTermination(CLOSE_MS, TimeUnit.MILLISECONDS)) {
                log.debug("A token is still being checked");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private CompletionStage<Authentication> check(UnverifiedToken token, Optional<Twin> twin) {
        if (twin.isEmpty()) {
            return CompletableFuture.completedStage(
                    new Authentication.Refused(UNAUTHORIZED, "twin not found " + token.twin()));
        }
        try {
            return CompletableFuture.supplyAsync(() -> verify(token, twin.get()), checks);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.completedStage(TOO_BUSY);
        }
    }

    private Authentication verify(UnverifiedToken token, Twin twin) {
        try {
            Token verified =
                    token.verify(
                            twin.account(),
                            clock.instant().getEpochSecond(),
                            settings.leeway().toSeconds(),
                            settings.maxLifetime().toSeconds());
            return new Authentication.Accepted(verified.address(), verified.expiresAt());
        } catch (TokenException e) {
            return refused(e);
        }
    }

    private static Authentication refused(TokenException why) {
        String message = why.getMessage();
        return new Authentication.Refused(UNAUTHORIZED, message == null ? "not a token" : message);
    }

    private static Authentication failed(Throwable why) {
        log.debug("A twin could not be looked up: {}", why.toString());
        return new Authentication.Refused(FAILED, "the twin could not be looked up");
    }
}
