package dev.rmb.server.traces;

import dev.rmb.protocol.Address;
import java.util.Set;

/**
 * Which message is asked about.
 *
 * @param destination without connection: any of the twin
 * @param partition that it is in
 * @param offsets where it is in there, as far as that is known
 */
public record Question(String uid, Address destination, int partition, Set<Long> offsets) {
    public Question {
        offsets = Set.copyOf(offsets);
    }
}
