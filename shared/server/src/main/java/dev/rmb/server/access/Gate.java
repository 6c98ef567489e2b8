package dev.rmb.server.access;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Knows the tokens, and tells from a request whose it is. Thread-safe. */
public final class Gate implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Gate.class);
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final String SCHEME = "bearer ";

    private final List<KnownToken> configured;
    private final @Nullable TokenFile file;
    private final boolean trustLoopback;
    private final Clock clock;
    private final Lockout lockout = new Lockout();

    private Gate(
            List<KnownToken> configured,
            @Nullable TokenFile file,
            boolean trustLoopback,
            Clock clock) {
        this.configured = List.copyOf(configured);
        this.file = file;
        this.trustLoopback = trustLoopback;
        this.clock = clock;
    }

    /**
     * Reads the file, and follows it.
     *
     * @param trustLoopback whether programs of this machine need no token
     * @throws IllegalArgumentException that says what is wrong with the file
     */
    public static Gate open(
            List<KnownToken> configured, @Nullable Path file, boolean trustLoopback, Clock clock) {
        return new Gate(
                configured, file == null ? null : TokenFile.open(file, LOOK), trustLoopback, clock);
    }

    /**
     * Reads a file of tokens, once, to see whether it can be used.
     *
     * @throws IllegalArgumentException that says what is wrong with it
     */
    public static void check(Path file) {
        var _ = TokenFile.check(file);
    }

    /** Who makes a request, as far as its token says. */
    public sealed interface Judgement {
        record Known(Visitor visitor) implements Judgement {}

        /** Without a token. */
        record Nobody() implements Judgement {}

        /** With a token that is none. */
        record Wrong() implements Judgement {}

        /** From where too many wrong tokens came; even a right one is not looked at. */
        record LockedOut(Duration remaining) implements Judgement {}
    }

    /**
     * @param authorization the header; {@code null} if there is none
     */
    public Judgement judge(@Nullable String authorization, InetAddress remote) {
        if (trustLoopback && remote.isLoopbackAddress()) {
            return new Judgement.Known(Visitor.ON_THIS_MACHINE);
        }
        if (authorization == null) {
            return new Judgement.Nobody();
        }
        Duration remaining = lockout.remaining(remote, clock.instant());
        if (remaining != null) {
            return new Judgement.LockedOut(remaining);
        }
        Visitor visitor = visitor(authorization);
        if (visitor != null) {
            return new Judgement.Known(visitor);
        }
        if (lockout.wrong(remote, clock.instant())) {
            log.warn("Locked out of the admin port after too many wrong tokens: {}", remote);
        }
        return new Judgement.Wrong();
    }

    private @Nullable Visitor visitor(String authorization) {
        if (!authorization.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
            return null;
        }
        String token = authorization.substring(SCHEME.length()).strip();
        if (!AccessToken.hasShape(token)) {
            return null;
        }
        byte[] sha256 = AccessToken.sha256(token);
        Visitor found = null;
        for (KnownToken known : configured) {
            // To the end, so that the time says nothing about which one it is.
            found = known.isOf(sha256) ? known.visitor() : found;
        }
        for (KnownToken known : file == null ? List.<KnownToken>of() : file.tokens()) {
            found = known.isOf(sha256) ? known.visitor() : found;
        }
        return found;
    }

    @Override
    public void close() {
        if (file != null) {
            file.close();
        }
    }
}
