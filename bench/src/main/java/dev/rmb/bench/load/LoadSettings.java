package dev.rmb.bench.load;

import dev.rmb.bench.process.ServerPid;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * What a run does.
 *
 * @param relays where the sessions connect, in turn: {@code ws://host:port} with any path
 * @param firstTwin id of the first demo twin: the receivers', then the senders'
 * @param load what is sent
 * @param warmup how long the load runs before it is measured
 * @param duration how long it is measured
 * @param loops event loops of the generator
 * @param servers processes whose processor time, memory and pauses are reported
 */
public record LoadSettings(
        List<URI> relays,
        long firstTwin,
        Load load,
        Duration warmup,
        Duration duration,
        int loops,
        List<ServerPid> servers) {
    /**
     * Refuses what cannot be run.
     *
     * @throws IllegalArgumentException with a message for the user
     */
    public LoadSettings {
        relays = List.copyOf(relays);
        servers = List.copyOf(servers);
        require(
                !relays.isEmpty()
                        && relays.stream()
                                .allMatch(r -> "ws".equals(r.getScheme()) && r.getHost() != null),
                "--relay: ws://host:port");
        require(!warmup.isNegative(), "--warmup: not negative");
        require(duration.toMillis() > 0, "--duration: more than 0");
        require(loops >= 1, "--loops: at least 1");
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
