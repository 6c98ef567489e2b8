package dev.rmb.router.dispatch;

import dev.rmb.protocol.Address;
import dev.rmb.protocol.envelope.EnvelopeHeader;
import dev.rmb.router.mailbox.Mailboxes;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The twins of a partition of which anything is in memory. */
final class Twins {
    private final Mailboxes mailboxes;
    private final Map<Long, TwinQueues> twins = new HashMap<>();

    Twins(Mailboxes mailboxes) {
        this.mailboxes = mailboxes;
    }

    Collection<TwinQueues> all() {
        return twins.values();
    }

    @Nullable TwinQueues find(long twin) {
        return twins.get(twin);
    }

    TwinQueues twin(long twin) {
        return twins.computeIfAbsent(twin, TwinQueues::new);
    }

    AddressQueue queue(Address address) {
        TwinQueues twin = twin(address.twin());
        AddressQueue queue = twin.find(address);
        return queue == null ? open(twin, address) : queue;
    }

    /** The queue of the envelope's destination, which must be there. */
    AddressQueue queue(EnvelopeHeader header) {
        TwinQueues twin = twin(header.destinationTwin());
        AddressQueue queue = twin.destinationOf(header);
        return queue == null
                ? open(twin, new Address(twin.twin, header.destinationConnection()))
                : queue;
    }

    void forgetIdle(long nowMs) {
        twins.values()
                .removeIf(twin -> {
                    twin.forgetIdle(nowMs);
                    return twin.isIdle();
                });
    }

    private AddressQueue open(TwinQueues twin, Address address) {
        AddressQueue queue = new AddressQueue(twin, address, mailboxes.of(address));
        twin.add(queue);
        return queue;
    }
}
