package dev.rmb.bench;

import dev.rmb.bench.load.Load;
import dev.rmb.bench.load.LoadSettings;
import dev.rmb.bench.targets.Servers;
import dev.rmb.bench.twins.DemoTwin;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What load, and for how long. */
final class LoadOptions {
    @Option(
            names = "--first-twin",
            paramLabel = "ID",
            description = "id of the first demo twin (default: ${DEFAULT-VALUE})")
    private long firstTwin = DemoTwin.FIRST_ID;

    @Option(
            names = "--senders",
            paramLabel = "N",
            description = "sessions that send (default: ${DEFAULT-VALUE})")
    private int senders = 4;

    @Option(
            names = "--receivers",
            paramLabel = "M",
            description = "sessions that receive (default: ${DEFAULT-VALUE})")
    private int receivers = 4;

    @Option(
            names = "--answer",
            description = {
                "request/response: receivers answer each message, and latency is that of the whole",
                "call. Unless --window is given, each sender makes one call at a time"
            })
    private boolean isAnswered;

    @Option(
            names = "--window",
            paramLabel = "N",
            description = "messages in flight of each sender (default: 64, with --answer 1)")
    private @Nullable Integer window;

    @Option(
            names = "--rate",
            paramLabel = "PER_SECOND",
            description = "messages per second of all senders together, instead of --window")
    private @Nullable Double rate;

    @Option(
            names = "--payload",
            paramLabel = "BYTES",
            description = "size of the payload (default: ${DEFAULT-VALUE})")
    private int payload = 256;

    @Option(
            names = "--warmup",
            paramLabel = "TIME",
            description = "load that is not measured (default: 20s)")
    private Duration warmup = Duration.ofSeconds(20);

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            description = "load that is measured (default: 20s)")
    private Duration duration = Duration.ofSeconds(20);

    @Option(
            names = "--loops",
            paramLabel = "N",
            description = "event loops of the generator (default: ${DEFAULT-VALUE})")
    private int loops = 1;

    long firstTwin() {
        return firstTwin;
    }

    /**
     * What is sent.
     *
     * @throws IllegalArgumentException with a message for the user
     */
    Load load() {
        int usualWindow = isAnswered ? 1 : Load.closed(1, 1).window();
        return new Load(
                senders,
                receivers,
                window == null ? usualWindow : window,
                rate,
                payload,
                isAnswered);
    }

    /**
     * All of it on these servers.
     *
     * @throws IllegalArgumentException with a message for the user
     */
    LoadSettings on(Servers servers) {
        return new LoadSettings(
                servers.relays(), firstTwin, load(), warmup, duration, loops, servers.pids());
    }
}
