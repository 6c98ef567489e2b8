package dev.rmb.client;

import dev.rmb.protocol.Address;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The requests that came lately, so that one that comes again is not run again: relays deliver at
 * least once between each other, and callers may send again what they are not sure of. Bounded: the
 * oldest are forgotten first. Thread-safe.
 */
final class SeenRequests {
    private record Key(Address source, String uid) {}

    private final Map<Key, Boolean> seen;

    SeenRequests(int capacity) {
        seen =
                new LinkedHashMap<>() {
                    private static final long serialVersionUID = 1;

                    @Override
                    protected boolean removeEldestEntry(Map.Entry<Key, Boolean> eldest) {
                        return size() > capacity;
                    }
                };
    }

    /** Whether this is the first time. Requests without a uid are all different. */
    boolean isNew(Request request) {
        String uid = request.envelope().getUid();
        if (uid.isEmpty()) {
            return true;
        }
        synchronized (seen) {
            return seen.putIfAbsent(new Key(request.source(), uid), true) == null;
        }
    }
}
