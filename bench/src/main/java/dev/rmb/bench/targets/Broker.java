package dev.rmb.bench.targets;

import dev.rmb.bench.process.ServerPid;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The relay's own broker alone, in a process of its own. */
public final class Broker implements AutoCloseable {
    private static final Duration START = Duration.ofMinutes(2);
    private static final int HEAP_MEBIBYTES = 256;

    private final Scratch scratch;
    private final ServerProcess process;

    private Broker(Scratch scratch, ServerProcess process) {
        this.scratch = scratch;
        this.process = process;
    }

    /** Starts one and waits until it serves. */
    public static Broker start() throws InterruptedException {
        Scratch scratch = Scratch.create();
        ServerProcess process = start(scratch);
        var broker = new Broker(scratch, process);
        try {
            process.awaitReady(START);
            return broker;
        } catch (RuntimeException | InterruptedException e) {
            broker.close();
            throw e;
        }
    }

    static ServerProcess start(Scratch scratch) {
        return ServerProcess.start(
                "broker",
                ServerProcess.own(
                        HEAP_MEBIBYTES, "broker", "--data", scratch.file("broker").toString()),
                Map.of(),
                scratch.file("broker.log"));
    }

    /** Where clients connect. */
    public String bootstrapServers() {
        return process.announced("kafka");
    }

    /** Its process. */
    public ServerPid pid() {
        return process.pid();
    }

    @Override
    public void close() {
        Servers.closeAll(List.of(scratch, process));
    }
}
