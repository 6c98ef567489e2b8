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
    private final Room room;
    private final Map<Long, TwinQueues> twins = new HashMap<>();

    Twins(Mailboxes mailboxes, Room room) {
        this.mailboxes = mailboxes;
        this.room = room;
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

    /** The queue of the envelope's destination, if it is in memory. */
    @Nullable AddressQueue find(EnvelopeHeader header) {
        TwinQueues twin = find(header.destinationTwin());
        return twin == null ? null : twin.destinationOf(header);
    }

    /** What is in memory of an address, or is needed to keep its twin's numbers right. */
    @Nullable AddressQueue known(Address address) {
        TwinQueues twin = find(address.twin());
        if (twin == null) {
            return null;
        }
        AddressQueue queue = twin.find(address);
        return queue == null && twin.isCounted ? open(twin, address) : queue;
    }

    void forgetIdle(long nowMs) {
        twins.values()
                .removeIf(twin -> {
                    twin.forgetIdle(nowMs);
                    twin.forgetElsewhere();
                    if (twin.isMarked && twin.isDecided()) {
                        decided(twin);
                    }
                    return twin.isIdle();
                });
    }

    /** Takes its mark away. */
    void decided(TwinQueues twin) {
        twin.isMarked = false;
        mailboxes.decided(twin.twin);
    }

    private AddressQueue open(TwinQueues twin, Address address) {
        return room.open(twin, mailboxes.of(address));
    }
}
