package dev.rmb.gateway.socket;

import java.net.InetAddress;
import java.util.Iterator;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * Who has how many connections, by remote address. Thread-safe. Keeps an address for as long as it
 * has a connection, or began one in this second.
 */
final class Remotes {
    private static final long SECOND_MS = 1_000;

    private final ConnectionLimits limits;
    private final LongSupplier nowMs;
    private final AtomicInteger all = new AtomicInteger();
    private final ConcurrentMap<Long, Remote> remotes = new ConcurrentHashMap<>();
    private final AtomicInteger sinceSweep = new AtomicInteger();

    /** So many connections, and addresses without any are forgotten. */
    private static final int SWEEP_AFTER = 1024;

    /** Changed under the map's lock for its key. */
    private static final class Remote {
        private int open;
        private int begun;
        private long second;
    }

    /**
     * @param nowMs milliseconds of any clock that never goes back
     */
    Remotes(ConnectionLimits limits, LongSupplier nowMs) {
        this.limits = limits;
        this.nowMs = nowMs;
    }

    /**
     * A connection came, from wherever. It counts until {@link #disconnected}.
     *
     * @return whether there is room for it
     */
    boolean connected() {
        int total = all.incrementAndGet();
        return limits.max().isNone() || total <= limits.max().inForce();
    }

    void disconnected() {
        all.decrementAndGet();
    }

    /**
     * Somebody came from that address. Whether it may stay or not, it counts until {@link #left}:
     * one that is being turned away costs as well.
     *
     * @return whether it may stay
     */
    boolean entered(InetAddress from) {
        // Also while there is no limit: there may be one at any time.
        sweep();
        long second = nowMs.getAsLong() / SECOND_MS;
        var within = new boolean[1];
        var _ =
                remotes.compute(
                        RemoteAddress.key(from),
                        (_, known) -> {
                            Remote remote = known == null ? new Remote() : known;
                            if (remote.second != second) {
                                remote.second = second;
                                remote.begun = 0;
                            }
                            remote.open++;
                            remote.begun++;
                            within[0] = isWithin(remote);
                            return remote;
                        });
        return within[0];
    }

    /** It is over. */
    void left(InetAddress from) {
        var _ =
                remotes.computeIfPresent(
                        RemoteAddress.key(from),
                        (_, remote) -> {
                            remote.open--;
                            return remote.open == 0 && limits.ratePerRemote().isNone()
                                    ? null
                                    : remote;
                        });
    }

    /** How many addresses are remembered. */
    int size() {
        return remotes.size();
    }

    private boolean isWithin(Remote remote) {
        return (limits.perRemote().isNone() || remote.open <= limits.perRemote().inForce())
                && (limits.ratePerRemote().isNone()
                        || remote.begun <= limits.ratePerRemote().inForce());
    }

    private void sweep() {
        if (sinceSweep.incrementAndGet() < SWEEP_AFTER) {
            return;
        }
        sinceSweep.set(0);
        long second = nowMs.getAsLong() / SECOND_MS;
        Iterator<Long> keys = remotes.keySet().iterator();
        while (keys.hasNext()) {
            var _ =
                    remotes.computeIfPresent(
                            keys.next(),
                            (_, remote) ->
                                    remote.open == 0 && remote.second != second ? null : remote);
        }
    }
}
