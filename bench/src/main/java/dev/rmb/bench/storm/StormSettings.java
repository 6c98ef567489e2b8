package dev.rmb.bench.storm;

import dev.rmb.bench.process.ServerPid;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * How many sessions come back how often.
 *
 * @param relays where the sessions connect, in turn
 * @param firstTwin id of the first demo twin: one for each session, then the sender's
 * @param sessions how many
 * @param storms how often they break off and come back, after they have come for the first time
 * @param atOnce connections that are being made at the same time; {@code sessions}: all of them
 * @param patience for all of them to be back
 * @param servers processes whose cost is reported
 */
public record StormSettings(
        List<URI> relays,
        long firstTwin,
        int sessions,
        int storms,
        int atOnce,
        Duration patience,
        List<ServerPid> servers) {
    private static final int MAX_SESSIONS = 50_000;

    /**
     * Refuses what cannot be run.
     *
     * @throws IllegalArgumentException with a message for the user
     */
    public StormSettings {
        relays = List.copyOf(relays);
        servers = List.copyOf(servers);
        if (sessions < 1 || sessions > MAX_SESSIONS) {
            throw new IllegalArgumentException("--sessions: 1 to " + MAX_SESSIONS);
        }
        if (storms < 0 || atOnce < 1) {
            throw new IllegalArgumentException("--storms: not negative; --at-once: at least 1");
        }
    }

    /** The same on these servers. */
    public StormSettings at(List<URI> servers, List<ServerPid> processes) {
        return new StormSettings(servers, firstTwin, sessions, storms, atOnce, patience, processes);
    }
}
