package dev.rmb.bench.idle;

import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a run of idle sessions does.
 *
 * @param relay where the sessions connect, {@code ws://host:port} with any path
 * @param firstTwin id of the first demo twin
 * @param sessions how many
 * @param perTwin so many are one twin's
 * @param sources addresses of this machine that connections come from, in turn; empty: the system's
 *     choice. One has some 28,000 ports
 * @param warmup connections that come and go before the memory is looked at, a few at a time
 * @param settle from the last connection until the memory is looked at again
 * @param hold how long the sessions stay after that
 * @param pid the gateway; {@code null} to measure nothing
 */
public record IdleSettings(
        URI relay,
        long firstTwin,
        int sessions,
        int perTwin,
        List<InetAddress> sources,
        int warmup,
        Duration settle,
        Duration hold,
        @Nullable Long pid) {
    private static final int MAX_SESSIONS = 200_000;

    /**
     * Refuses what cannot be run.
     *
     * @throws IllegalArgumentException with a message for the user
     */
    public IdleSettings {
        if (!"ws".equals(relay.getScheme()) || relay.getHost() == null || relay.getPort() < 0) {
            throw new IllegalArgumentException("--relay must be ws://HOST:PORT, not " + relay);
        }
        if (sessions < 1 || sessions > MAX_SESSIONS) {
            throw new IllegalArgumentException("--sessions must be 1 to " + MAX_SESSIONS);
        }
        if (perTwin < 1) {
            throw new IllegalArgumentException("--per-twin must be at least 1");
        }
        if (warmup < 0) {
            throw new IllegalArgumentException("--warmup must not be negative");
        }
        sources = List.copyOf(sources);
    }

    /** How many twins that takes. */
    public int twins() {
        return Math.ceilDiv(sessions, perTwin);
    }
}
