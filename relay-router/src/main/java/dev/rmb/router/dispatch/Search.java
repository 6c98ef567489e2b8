package dev.rmb.router.dispatch;

import dev.rmb.protocol.Address;
import dev.rmb.router.dispatch.MessageStatus.State;
import dev.rmb.router.mailbox.Mailboxes;
import org.jspecify.annotations.Nullable;

/** Finds out where a message is, and why it is there. Changes nothing. */
final class Search {
    private final Mailboxes mailboxes;
    private final Twins twins;
    private final Refusals refusals;
    private final Offline offline;
    private final Watermark watermark;

    Search(
            Mailboxes mailboxes,
            Twins twins,
            Refusals refusals,
            Offline offline,
            Watermark watermark) {
        this.mailboxes = mailboxes;
        this.twins = twins;
        this.refusals = refusals;
        this.offline = offline;
        this.watermark = watermark;
    }

    MessageStatus find(Address address, long place) {
        if (place >= watermark.position()) {
            return at(State.NOT_READ, place, "the owner is behind the log");
        }
        if (refusals.contains(place)) {
            return at(State.REFUSED, place, null);
        }
        TwinQueues twin = twins.find(address.twin());
        AddressQueue queue = twin == null ? null : twin.find(address);
        Session session = queue == null ? null : queue.session;
        if (session != null && holds(session.inFlight, place)) {
            return new MessageStatus(
                    State.IN_FLIGHT,
                    place,
                    "the session has not confirmed it",
                    session.id,
                    session.link.gateway);
        }
        if (queue != null && holds(queue.waiting, place)) {
            return at(State.WAITING, place, whyWaiting(queue));
        }
        if (mailboxes.of(address).contains(place)) {
            if (queue != null && queue.departure != null && queue.departure.isOut(place)) {
                return at(State.IN_FLIGHT, place, "another relay has not answered");
            }
            return at(State.STORED, place, whyStored(queue));
        }
        return at(State.DONE, place, null);
    }

    /** What is in flight is in the order of its numbers, which need not be that of the log. */
    private static boolean holds(MessageList list, long place) {
        for (Message m = list.first(); m != null; m = m.next) {
            if (m.offset == place) {
                return true;
            }
        }
        return false;
    }

    private String whyWaiting(AddressQueue queue) {
        Session session = queue.session;
        if (session != null) {
            return session.link.complete
                    ? "the session's window is full, or its link is busy"
                    : "its gateway has not told of all its sessions yet";
        }
        if (!offline.isSettled()) {
            return "it is not known yet who is connected";
        }
        return queue.twin.lookingUp ? "its twin is being looked up" : "its gateway may come back";
    }

    private static String whyStored(@Nullable AddressQueue queue) {
        if (queue == null) {
            return "its address is not connected";
        }
        if (queue.session != null) {
            return "the session has not confirmed what was sent before";
        }
        if (queue.departure != null) {
            return "it leaves for another relay: " + String.join(", ", queue.departure.line.relays);
        }
        return queue.twin.lookingUp
                ? "its twin is being looked up"
                : "its address is not connected";
    }

    private static MessageStatus at(State state, long place, @Nullable String why) {
        return new MessageStatus(state, place, why, 0, null);
    }
}
