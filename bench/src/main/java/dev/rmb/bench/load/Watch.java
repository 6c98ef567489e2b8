package dev.rmb.bench.load;

import dev.rmb.bench.process.PauseLog;
import dev.rmb.bench.process.Pauses;
import dev.rmb.bench.process.ProcessSample;
import dev.rmb.bench.process.ServerPid;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What processes used up between two moments, this one included. Belongs to one thread. */
public final class Watch implements AutoCloseable {
    private static final double MEBI = 1 << 20;
    private static final double NANOS_PER_MICRO = 1e3;

    private final List<ServerPid> servers;
    private final ServerPid own = new ServerPid("generator", ProcessHandle.current().pid());
    private final Map<ServerPid, PauseLog> logs = new LinkedHashMap<>();
    private final Map<ServerPid, Used> used = new LinkedHashMap<>();
    private Map<ServerPid, ProcessSample> before = Map.of();

    private record Used(ProcessSample first, ProcessSample last, @Nullable Pauses pauses) {}

    private Watch(List<ServerPid> servers) {
        this.servers = servers;
    }

    /** Watches these, which are told to log their pauses until this is closed. */
    public static Watch of(List<ServerPid> servers) throws InterruptedException {
        var watch = new Watch(List.copyOf(servers));
        for (ServerPid server : watch.servers) {
            if (server.pid() != watch.own.pid()) {
                PauseLog.of(server.pid()).ifPresent(log -> watch.logs.put(server, log));
            }
        }
        return watch;
    }

    /** From now on. */
    public void begin() {
        used.clear();
        logs.values().forEach(PauseLog::next);
        before = samples();
    }

    /** Until now. */
    public void end() {
        samples()
                .forEach((server, last) -> {
                    ProcessSample first = before.get(server);
                    if (first != null) {
                        PauseLog log = logs.get(server);
                        used.put(server, new Used(first, last, log == null ? null : log.next()));
                    }
                });
    }

    private Map<ServerPid, ProcessSample> samples() {
        Map<ServerPid, ProcessSample> samples = new LinkedHashMap<>();
        List<ServerPid> all = new ArrayList<>(servers);
        all.add(own);
        for (ServerPid server : all) {
            ProcessSample.of(server.pid()).ifPresent(sample -> samples.put(server, sample));
        }
        return samples;
    }

    /** What each server used, as far as it is known. */
    public List<LoadReport.Cost> servers(long messages, long nanos) {
        return servers.stream()
                .filter(used::containsKey)
                .map(server -> cost(server, used.get(server), messages, nanos))
                .toList();
    }

    /** What this process used. */
    public LoadReport.@Nullable Cost own(long messages, long nanos) {
        Used mine = used.get(own);
        return mine == null ? null : cost(own, mine, messages, nanos);
    }

    private static LoadReport.Cost cost(
            ServerPid server, @Nullable Used used, long messages, long nanos) {
        if (used == null) {
            throw new IllegalArgumentException("nothing is known about " + server);
        }
        double micros = used.last().cpuMicros() - used.first().cpuMicros();
        return new LoadReport.Cost(
                server.name(),
                server.pid(),
                messages == 0 ? 0 : micros / messages,
                micros * NANOS_PER_MICRO / nanos,
                used.last().rssBytes() / MEBI,
                used.last().peakRssBytes() / MEBI,
                used.pauses());
    }

    @Override
    public void close() {
        logs.values().forEach(PauseLog::close);
    }
}
