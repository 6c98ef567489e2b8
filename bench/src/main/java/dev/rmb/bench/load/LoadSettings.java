package dev.rmb.bench.load;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a run does.
 *
 * @param relay where the sessions connect, {@code ws://host:port} with any path
 * @param firstTwin id of the first demo twin: the receivers', then the senders'
 * @param senders how many sessions send
 * @param receivers how many receive
 * @param window messages in flight of each sender, when there is no rate
 * @param rate messages per second of all senders together; {@code null} for a closed loop
 * @param payload bytes of each message's payload
 * @param warmup how long the load runs before it is measured
 * @param duration how long it is measured
 * @param loops event loops of the generator
 * @param pids processes whose processor time and memory are reported
 */
public record LoadSettings(
        URI relay,
        long firstTwin,
        int senders,
        int receivers,
        int window,
        @Nullable Double rate,
        int payload,
        Duration warmup,
        Duration duration,
        int loops,
        List<Long> pids) {
    private static final int MAX_SESSIONS = 50_000;
    private static final int MAX_PAYLOAD = 15 << 20;

    /**
     * Refuses what cannot be run.
     *
     * @throws IllegalArgumentException with a message for the user
     */
    public LoadSettings {
        require(
                "ws".equals(relay.getScheme()) && relay.getHost() != null,
                "--relay: ws://host:port");
        require(senders >= 1 && senders <= MAX_SESSIONS, "--senders: 1 to " + MAX_SESSIONS);
        require(receivers >= 1 && receivers <= MAX_SESSIONS, "--receivers: 1 to " + MAX_SESSIONS);
        require(window >= 1, "--window: at least 1");
        require(rate == null || rate > 0, "--rate: more than 0");
        require(
                payload >= FrameTemplate.MIN_PAYLOAD && payload <= MAX_PAYLOAD,
                "--payload: %d to %d".formatted(FrameTemplate.MIN_PAYLOAD, MAX_PAYLOAD));
        require(!warmup.isNegative(), "--warmup: not negative");
        require(duration.toMillis() > 0, "--duration: more than 0");
        require(loops >= 1, "--loops: at least 1");
        pids = List.copyOf(pids);
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
