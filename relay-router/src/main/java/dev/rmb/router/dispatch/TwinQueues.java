package dev.rmb.router.dispatch;

import dev.rmb.protocol.Address;
import dev.rmb.protocol.envelope.EnvelopeHeader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The addresses of a twin, and what is known of the twin itself. */
final class TwinQueues {
    /** How long a look-up's answer serves: long enough to decide on a burst with one look-up. */
    private static final long FRESH_MS = 1_000;

    /** Up to here looking through them is faster than a map. */
    private static final int FEW = 8;

    final long twin;
    private final List<AddressQueue> queues = new ArrayList<>(1);

    /** By address; kept only while there are more than a few. */
    private final Map<Address, AddressQueue> byAddress = new HashMap<>();

    private @Nullable Standing standing;
    private long standingAtMs;

    boolean lookingUp;

    /** The numbers below are known. */
    boolean isCounted;

    /** Too much is stored to be counted before that is needed. */
    boolean isLarge;

    /** For which anything waits. */
    long addresses;

    long messages;
    long bytes;

    /** Some of its stored messages were never decided on. */
    boolean storedUndecided;

    /**
     * Something was stored while an address was connected, and the directory was not asked whether
     * the twin is one of this relay: should that session end with its owner, the next one asks.
     */
    boolean storedUnasked;

    /** Its mark is in the store: the next owner asks the directory. */
    boolean isMarked;

    /** The relays its mail leaves for; {@code null} if none does. */
    @Nullable List<String> elsewhere;

    /** Addresses whose mail leaves. */
    int departures;

    /** When the directory was last asked anew, because a relay refused something. */
    long doubtedMs = Long.MIN_VALUE / 2;

    /** How often its stored messages are being gone through. */
    int sweeps;

    TwinQueues(long twin) {
        this.twin = twin;
    }

    List<AddressQueue> queues() {
        return queues;
    }

    void add(AddressQueue queue) {
        queues.add(queue);
        if (queues.size() == FEW + 1) {
            queues.forEach(q -> byAddress.put(q.address, q));
        } else if (queues.size() > FEW) {
            byAddress.put(queue.address, queue);
        }
    }

    /** Forgets the addresses of which nothing is in memory. */
    void forgetIdle(long nowMs) {
        if (queues.removeIf(queue -> queue.isIdle(nowMs))) {
            byAddress.clear();
            if (queues.size() > FEW) {
                queues.forEach(q -> byAddress.put(q.address, q));
            }
        }
    }

    /** Compares with the envelope's bytes, so that the usual case builds no address. */
    @Nullable AddressQueue destinationOf(EnvelopeHeader header) {
        if (queues.size() > FEW) {
            Address address = header.destination();
            return address == null ? null : byAddress.get(address);
        }
        for (int i = 0; i < queues.size(); i++) {
            AddressQueue queue = queues.get(i);
            if (header.hasDestination(queue.address)) {
                return queue;
            }
        }
        return null;
    }

    @Nullable AddressQueue find(Address address) {
        if (queues.size() > FEW) {
            return byAddress.get(address);
        }
        for (int i = 0; i < queues.size(); i++) {
            AddressQueue queue = queues.get(i);
            if (queue.address.equals(address)) {
                return queue;
            }
        }
        return null;
    }

    void standing(Standing found, long nowMs) {
        standing = found;
        storedUnasked &= found.kind() != Standing.Kind.OURS;
        standingAtMs = nowMs;
        lookingUp = false;
    }

    /** What the directory said lately; {@code null} if it must be asked. */
    @Nullable Standing standing(long nowMs) {
        return standing != null && nowMs - standingAtMs < FRESH_MS ? standing : null;
    }

    /** What the directory said last, however long ago. */
    boolean isOurs() {
        return standing != null && standing.kind() == Standing.Kind.OURS;
    }

    /** Forgets that its mail leaves for another relay, or may, if there is none. */
    void forgetElsewhere() {
        if (departures == 0
                && queues.stream().allMatch(queue -> queue.session == null && queue.restIsEmpty)) {
            elsewhere = null;
            storedUnasked = false;
        }
    }

    /** Nothing of it must be decided on by the next owner. */
    boolean isDecided() {
        return !storedUndecided && !storedUnasked && sweeps == 0 && elsewhere == null;
    }

    boolean isIdle() {
        return queues.isEmpty()
                && !lookingUp
                && !storedUndecided
                && sweeps == 0
                && departures == 0
                && !(isCounted && !Room.isLittle(messages, bytes));
    }
}
