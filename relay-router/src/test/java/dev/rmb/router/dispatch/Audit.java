package dev.rmb.router.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rmb.protocol.Address;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Looks at a dispatcher from inside: whether its numbers and its queues are what they should be.
 */
final class Audit {
    private final SimOwner owner;
    private final MailboxLimits limits;

    Audit(SimOwner owner) {
        this.owner = owner;
        this.limits = owner.settings.limits().get();
    }

    /** What waits for an address, wherever: offset and size. */
    private NavigableMap<Long, Integer> held(Address address) {
        NavigableMap<Long, Integer> held = new TreeMap<>(owner.store.mailOf(address));
        TwinQueues twin = owner.dispatcher.twins().find(address.twin());
        AddressQueue queue = twin == null ? null : twin.find(address);
        if (queue != null) {
            long unlogged = Long.MAX_VALUE;
            for (Message m : messages(queue)) {
                if (!m.isGhost) {
                    held.put(m.isLogged() ? m.offset : unlogged--, m.size);
                }
            }
        }
        return held;
    }

    private static List<Message> messages(AddressQueue queue) {
        List<Message> messages = new ArrayList<>();
        if (queue.session != null) {
            for (Message m = queue.session.inFlight.first(); m != null; m = m.next) {
                messages.add(m);
            }
        }
        for (Message m = queue.waiting.first(); m != null; m = m.next) {
            messages.add(m);
        }
        return messages;
    }

    /**
     * Whether what waits is below all bounds, so that the message at {@code offset} may be full.
     */
    boolean hasRoom(Address address, long offset) {
        int size = owner.sizeAt(offset);
        long addresses = 0;
        Sum sum = new Sum();
        for (Address other : Simulation.ADDRESSES) {
            if (other.twin() == address.twin()) {
                NavigableMap<Long, Integer> held = held(other);
                addresses += held.isEmpty() ? 0 : 1;
                sum.add(held);
            }
        }
        Sum own = new Sum();
        own.add(held(address));
        boolean keepsUp =
                isConnected(address)
                        && (own.messages == 0
                                || (own.messages < owner.settings.windowMessages()
                                        && own.bytes + size <= owner.settings.windowBytes()));
        return own.messages < limits.addressMessages()
                && own.bytes + size <= limits.addressBytes()
                && (keepsUp
                        || (sum.messages < limits.messages()
                                && sum.bytes + size <= limits.bytes()
                                && (own.messages > 0
                                        || isConnected(address)
                                        || addresses < limits.addresses())
                                && hasPartitionRoom(size)));
    }

    private boolean hasPartitionRoom(int size) {
        return limits.partitionBytes() == 0
                || owner.dispatcher.stored().bytes() + size <= limits.partitionBytes();
    }

    private boolean isConnected(Address address) {
        TwinQueues twin = owner.dispatcher.twins().find(address.twin());
        AddressQueue queue = twin == null ? null : twin.find(address);
        return queue != null && queue.session != null;
    }

    /** To be called when the dispatcher is at rest. */
    void check() {
        Map<Long, Sum> sums = new HashMap<>();
        Map<Long, Long> addresses = new HashMap<>();
        long memory = 0;
        for (Address address : Simulation.ADDRESSES) {
            NavigableMap<Long, Integer> held = held(address);
            Sum sum = new Sum();
            sum.add(held);
            TwinQueues twin = owner.dispatcher.twins().find(address.twin());
            AddressQueue queue = twin == null ? null : twin.find(address);
            if (queue != null) {
                memory += structure(queue);
                if (queue.twin.isCounted) {
                    assertThat(queue.messages)
                            .as("messages of %s", address)
                            .isEqualTo(sum.messages);
                    assertThat(queue.bytes).as("bytes of %s", address).isEqualTo(sum.bytes);
                }
            }
            sum.isBelow(limits.addressMessages(), limits.addressBytes(), address.toString());
            sums.computeIfAbsent(address.twin(), _ -> new Sum()).add(held);
            if (!held.isEmpty() && held.firstKey() < owner.committed) {
                owner.inherited.add(address);
            }
            addresses.merge(address.twin(), held.isEmpty() ? 0L : 1L, Long::sum);
            if (isConnected(address)) {
                owner.connected.add(address);
            }
        }
        for (TwinQueues twin : owner.dispatcher.twins().all()) {
            Sum sum = Objects.requireNonNull(sums.get(twin.twin));
            if (twin.isCounted) {
                assertThat(twin.messages).as("messages of %d", twin.twin).isEqualTo(sum.messages);
                assertThat(twin.bytes).as("bytes of %d", twin.twin).isEqualTo(sum.bytes);
                assertThat(twin.addresses)
                        .as("addresses of %d", twin.twin)
                        .isEqualTo(addresses.get(twin.twin));
            }
            long connected = owner.connected.stream().filter(a -> a.twin() == twin.twin).count();
            Inherited most = owner.inheritedMost.merge(twin.twin, sum.inherited(), Inherited::most);
            assertThat(sum.messages)
                    .as("messages of %d", twin.twin)
                    .isLessThanOrEqualTo(
                            Math.max(limits.messages(), most.messages())
                                    + connected * owner.settings.windowMessages());
            assertThat(sum.bytes)
                    .as("bytes of %d", twin.twin)
                    .isLessThanOrEqualTo(
                            Math.max(limits.bytes(), most.bytes())
                                    + connected * owner.settings.windowBytes());
            long inherited = owner.inherited.stream().filter(a -> a.twin() == twin.twin).count();
            assertThat(addresses.get(twin.twin))
                    .as("addresses of %d", twin.twin)
                    .isLessThanOrEqualTo(Math.max(limits.addresses(), inherited) + connected);
        }
        assertThat(owner.dispatcher.memoryBytes()).as("bytes in memory").isEqualTo(memory);
        if (owner.mailboxes.stock().isCounted()) {
            assertThat(owner.dispatcher.stored().messages())
                    .as("messages in all mailboxes")
                    .isEqualTo(owner.store.mails());
        }
    }

    /** Returns the memory that its messages take. */
    private long structure(AddressQueue queue) {
        NavigableMap<Long, Integer> stored = owner.store.mailOf(queue.address);
        long memory = 0;
        long last = -1;
        NavigableMap<Long, Integer> underWay = new TreeMap<>();
        long inFlight = 0;
        for (Message m : messages(queue)) {
            inFlight += m.isInFlight() ? 1 : 0;
            if (!m.isLogged()) {
                assertThat(m.isInFlight()).as("an offer that is not under way").isTrue();
                assertThat(m.hasEnvelope() || m.stored).as("kept of an offer").isFalse();
                continue;
            }
            if (!m.isInFlight() || queue.session == null || !queue.session.hasOffers) {
                assertThat(m.offset).as("order of %s", queue.address).isGreaterThan(last);
            }
            last = Math.max(last, m.offset);
            memory += m.hasEnvelope() ? m.size + Memory.OVERHEAD : 0;
            assertThat(m.hasEnvelope()).as("an envelope nowhere").isNotEqualTo(m.stored);
            assertThat(stored.containsKey(m.offset)).as("stored").isEqualTo(m.stored);
            if (m.stored) {
                underWay.put(m.offset, m.size);
            }
        }
        assertThat(inFlight).isLessThanOrEqualTo(owner.settings.windowMessages());
        NavigableMap<Long, Integer> rest = new TreeMap<>(stored);
        rest.keySet().removeAll(underWay.keySet());
        if (queue.restIsEmpty) {
            assertThat(rest).as("the rest of %s, which is empty", queue.address).isEmpty();
        } else if (!rest.isEmpty()) {
            assertThat(rest.firstKey())
                    .as("the rest of %s begins before its cursor", queue.address)
                    .isGreaterThanOrEqualTo(queue.cursor);
            if (queue.session != null) {
                assertThat(rest.firstKey()).as("the rest comes last").isGreaterThan(last);
                assertThat(underWay.tailMap(queue.cursor)).as("sent again").isEmpty();
            } else {
                Message first = queue.waiting.first();
                if (first != null && first.offset >= owner.committed) {
                    assertThat(rest.lastKey()).as("the rest comes first").isLessThan(first.offset);
                }
            }
        }
        return memory;
    }

    /** What predecessors accepted for a twin. */
    record Inherited(long messages, long bytes) {
        Inherited most(Inherited other) {
            return new Inherited(Math.max(messages, other.messages), Math.max(bytes, other.bytes));
        }
    }

    private final class Sum {
        long messages;
        long bytes;
        private long inheritedMessages;
        private long inheritedBytes;

        /** All of it was accepted by predecessors: refusing is not this owner's any more. */
        private boolean isInherited = true;

        void add(NavigableMap<Long, Integer> held) {
            messages += held.size();
            for (int size : held.values()) {
                bytes += size;
            }
            inheritedMessages += held.headMap(owner.committed).size();
            for (int size : held.headMap(owner.committed).values()) {
                inheritedBytes += size;
            }
            isInherited &= held.isEmpty() || held.lastKey() < owner.committed;
        }

        Inherited inherited() {
            return new Inherited(inheritedMessages, inheritedBytes);
        }

        void isBelow(long maxMessages, long maxBytes, String whose) {
            assertThat((messages <= maxMessages && bytes <= maxBytes) || isInherited)
                    .as("%s has %d messages, %d bytes", whose, messages, bytes)
                    .isTrue();
        }
    }
}
