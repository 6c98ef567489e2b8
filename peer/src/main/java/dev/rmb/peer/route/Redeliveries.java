package dev.rmb.peer.route;

import com.google.protobuf.ByteString;
import dev.rmb.proto.Envelope;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Knows the envelopes that came lately. A relay gives a new connection again what the one before
 * may not have received, and relays give each other everything at least once; a program should see
 * it once. Whoever signs an envelope anew means it, also under the same uid. Thread-safe.
 */
final class Redeliveries {
    private final int capacity;
    private final Set<ByteString> signatures = new LinkedHashSet<>();
    private final Map<String, Integer> told = new LinkedHashMap<>();

    /**
     * @param capacity how many are remembered, some 200 bytes each; the oldest are forgotten first
     */
    Redeliveries(int capacity) {
        this.capacity = capacity;
    }

    /**
     * Whether it came before.
     *
     * @param envelope verified; one without a signature never came before
     */
    synchronized boolean isRepeated(Envelope envelope) {
        if (envelope.getSignature().isEmpty()) {
            return false;
        }
        // A copy: the original may hold the whole message in memory.
        if (!signatures.add(ByteString.copyFrom(envelope.getSignature().toByteArray()))) {
            return true;
        }
        if (signatures.size() > capacity) {
            Iterator<ByteString> oldest = signatures.iterator();
            oldest.next();
            oldest.remove();
        }
        return false;
    }

    /**
     * Whether a relay may tell once more that a request is not answered. Its errors come at least
     * once, are not signed and do not name the twin, so one for each twin is let through.
     *
     * @param uid of the request
     * @param twins that were asked
     */
    synchronized boolean mayTell(String uid, int twins) {
        int times = told.merge(uid, 1, Integer::sum);
        if (told.size() > capacity) {
            Iterator<String> oldest = told.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
        return times <= twins;
    }
}
