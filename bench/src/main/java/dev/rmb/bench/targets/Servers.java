package dev.rmb.bench.targets;

import dev.rmb.bench.process.ServerPid;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** Servers that sessions can connect to. Closing stops those that were started for it. */
public final class Servers implements AutoCloseable {
    private final List<URI> relays;
    private final List<ServerPid> pids;
    private final List<? extends AutoCloseable> owned;

    /**
     * Some that run.
     *
     * @param relays where sessions connect, in turn
     * @param pids their processes, as far as they are to be watched
     * @param owned what is closed with this, the last one first
     */
    Servers(List<URI> relays, List<ServerPid> pids, List<? extends AutoCloseable> owned) {
        this.relays = List.copyOf(relays);
        this.pids = List.copyOf(pids);
        this.owned = List.copyOf(owned);
    }

    /** Those that somebody else runs. */
    public static Servers ofOthers(List<URI> relays, List<ServerPid> pids) {
        return new Servers(relays, pids, List.of());
    }

    /** Where sessions connect. */
    public List<URI> relays() {
        return relays;
    }

    /** The processes. */
    public List<ServerPid> pids() {
        return pids;
    }

    @Override
    public void close() {
        closeAll(owned);
    }

    static void closeAll(List<? extends AutoCloseable> owned) {
        List<Exception> failures = new ArrayList<>();
        for (AutoCloseable one : owned.reversed()) {
            try {
                one.close();
            } catch (Exception e) {
                failures.add(e);
            }
        }
        if (!failures.isEmpty()) {
            throw new TargetException(
                    "not everything could be stopped: " + failures, failures.getFirst());
        }
    }
}
