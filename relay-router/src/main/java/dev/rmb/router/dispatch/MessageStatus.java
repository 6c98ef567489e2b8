package dev.rmb.router.dispatch;

import org.jspecify.annotations.Nullable;

/**
 * Where a message is at the moment.
 *
 * @param place of the message, which is its offset but for a log that was cut
 * @param why it waits, for operators; {@code null} if it does not
 * @param sessionId it was sent to; 0 if it is not in flight
 * @param gateway of that session
 */
public record MessageStatus(
        State state, long place, @Nullable String why, long sessionId, @Nullable String gateway) {
    /** Where. */
    public enum State {
        /** Its owner has not read it from the log yet. */
        NOT_READ,
        /** It was sent to a session, or to another relay, and is not confirmed. */
        IN_FLIGHT,
        /** In memory. */
        WAITING,
        /** In its mailbox. */
        STORED,
        /** It will not be delivered, and its sender is being told. */
        REFUSED,
        /** Its owner is done with it: it was confirmed, or is not delivered, or never was there. */
        DONE
    }
}
