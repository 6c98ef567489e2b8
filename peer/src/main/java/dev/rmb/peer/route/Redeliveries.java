package dev.rmb.peer.route;

import com.google.protobuf.ByteString;
import dev.rmb.proto.Envelope;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Knows the envelopes that came lately. A relay gives a new connection again what the one before
 * may not have received, and relays give each other everything at least once; a program should see
 * it once. Whoever signs an envelope anew means it, also under the same uid. Thread-safe.
 */
final class Redeliveries {
    private final int capacity;
    private final Set<ByteString> signatures = new LinkedHashSet<>();

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
}
