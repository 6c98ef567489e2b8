package dev.rmb.cluster.bans;

import dev.rmb.cluster.net.AddressRange;
import dev.rmb.cluster.net.IpAddress;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The bans that this process knows of. Thread-safe; a question costs a few look-ups in a map,
 * however many bans there are, and nothing while there are none.
 */
public final class Bans {
    private final Clock clock;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile Table table = new Table();

    private static final class Table {
        final ConcurrentMap<BanTarget, Ban> bans = new ConcurrentHashMap<>();

        /**
         * Lengths of ranges that are or were banned: a question asks for each of them. There are no
         * more than an address has bits.
         */
        final Set<Integer> lengths4 = new ConcurrentSkipListSet<>();

        final Set<Integer> lengths6 = new ConcurrentSkipListSet<>();

        void put(Ban ban) {
            bans.put(ban.target(), ban);
            if (ban.target() instanceof BanTarget.OfRemote(AddressRange range)) {
                lengths(range.network()).add(range.length());
            }
        }

        Set<Integer> lengths(InetAddress address) {
            return address.getAddress().length * Byte.SIZE == V4_BITS ? lengths4 : lengths6;
        }
    }

    private static final int V4_BITS = 32;

    public Bans(Clock clock) {
        this.clock = clock;
    }

    public boolean isBanned(long twin) {
        Table now = table;
        return !now.bans.isEmpty() && holds(now.bans.get(new BanTarget.OfTwin(twin)));
    }

    public boolean isBanned(InetAddress remote) {
        Table now = table;
        if (now.bans.isEmpty()) {
            return false;
        }
        InetAddress plain = IpAddress.plain(remote);
        for (int length : now.lengths(plain)) {
            if (holds(now.bans.get(new BanTarget.OfRemote(AddressRange.around(plain, length))))) {
                return true;
            }
        }
        return false;
    }

    /** The ban of this target if it holds now. */
    public Optional<Ban> find(BanTarget target) {
        return Optional.ofNullable(table.bans.get(target)).filter(this::holds);
    }

    /** Those that hold now, in the order of their ids. */
    public List<Ban> all() {
        return table.bans.values().stream()
                .filter(this::holds)
                .sorted((a, b) -> a.target().toString().compareTo(b.target().toString()))
                .toList();
    }

    /** How many there are, those included whose time is over. */
    public int count() {
        return table.bans.size();
    }

    /** Those whose time was over then, which only take up room. */
    public List<Ban> expired(Instant then) {
        return table.bans.values().stream().filter(ban -> !ban.holdsAt(then)).toList();
    }

    /**
     * Tells of changes from now on: that somebody may be banned who was not.
     *
     * @param listener must not block; on the thread that makes the change
     */
    public void listen(Runnable listener) {
        listeners.add(listener);
    }

    /** Adds a ban, or changes it. */
    public void put(Ban ban) {
        table.put(ban);
        listeners.forEach(Runnable::run);
    }

    /** Takes a ban back. */
    public void remove(BanTarget target) {
        table.bans.remove(target);
    }

    /** From now on there are these and no others. */
    public void replaceAll(Collection<Ban> bans) {
        var next = new Table();
        bans.forEach(next::put);
        table = next;
        listeners.forEach(Runnable::run);
    }

    private boolean holds(@Nullable Ban ban) {
        return ban != null && ban.holdsAt(clock.instant());
    }
}
