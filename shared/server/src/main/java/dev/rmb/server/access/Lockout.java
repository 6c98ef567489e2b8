package dev.rmb.server.access;

import dev.rmb.cluster.net.AddressRange;
import dev.rmb.cluster.net.IpAddress;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who has shown too many wrong tokens, by remote address. Each further round of them is answered
 * with twice the time. Thread-safe.
 */
final class Lockout {
    /** A slip of the pen, and a dashboard that asks on for a while after its token was changed. */
    static final int ATTEMPTS = 10;

    static final Duration FIRST = Duration.ofSeconds(30);
    static final Duration LONGEST = Duration.ofMinutes(15);

    /** What was done wrong is forgotten after it. */
    static final Duration MEMORY = Duration.ofMinutes(30);

    /** Of those who come again under ever new addresses the oldest are forgotten first. */
    static final int MAX_ADDRESSES = 10_000;

    /** Whoever has one address of IPv6 has all that begin like it. */
    private static final int NETWORK_BITS = 64;

    private final Map<InetAddress, Mistakes> mistakes =
            new LinkedHashMap<>() {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<InetAddress, Mistakes> eldest) {
                    return size() > MAX_ADDRESSES;
                }
            };

    /**
     * @param wrong tokens since the last lock
     * @param locks so far
     * @param until {@code null} if it was never locked
     */
    private record Mistakes(int wrong, int locks, @Nullable Instant until, Instant last) {}

    /** How long this address has to wait still; {@code null} if it need not. */
    synchronized @Nullable Duration remaining(InetAddress remote, Instant now) {
        Mistakes known = mistakes.get(key(remote));
        return known == null || known.until() == null || !now.isBefore(known.until())
                ? null
                : Duration.between(now, known.until());
    }

    /** A wrong token was shown; whether the address is locked by that. */
    synchronized boolean wrong(InetAddress remote, Instant now) {
        InetAddress key = key(remote);
        // Put in again behind: the order is that of the last mistake.
        Mistakes known = mistakes.remove(key);
        if (known == null || now.isAfter(known.last().plus(MEMORY))) {
            known = new Mistakes(0, 0, null, now);
        }
        int wrong = known.wrong() + 1;
        boolean locked = wrong >= ATTEMPTS;
        mistakes.put(
                key,
                locked
                        ? new Mistakes(0, known.locks() + 1, now.plus(time(known.locks())), now)
                        : new Mistakes(wrong, known.locks(), known.until(), now));
        return locked;
    }

    synchronized int size() {
        return mistakes.size();
    }

    private static Duration time(int locks) {
        Duration time = FIRST;
        for (int i = 0; i < locks && time.compareTo(LONGEST) < 0; i++) {
            time = time.multipliedBy(2);
        }
        return time.compareTo(LONGEST) < 0 ? time : LONGEST;
    }

    private static InetAddress key(InetAddress remote) {
        InetAddress plain = IpAddress.plain(remote);
        return plain instanceof Inet6Address
                ? AddressRange.around(plain, NETWORK_BITS).network()
                : plain;
    }
}
