package dev.rmb.router.dispatch;

/** Why a message is refused. See docs/specification.md, 8.2, and contracts.md. */
public enum Reason {
    UNKNOWN_TWIN("unknown twin destination"),
    NO_RELAY("relay info is not set for this twin"),
    DESTINATION_OFFLINE("destination offline"),
    MAILBOX_FULL("mailbox full"),
    EXPIRED("message has expired"),
    NOT_OF_THIS_RELAY("twin is not of this relay"),
    /** An operator emptied the mailbox. */
    PURGED("removed by the relay's operator"),
    /** With any 4xx. Requesters are told what the existing relays tell them. */
    RELAY_REFUSED("destination offline"),
    NO_USABLE_RELAY("no usable relay is set for this twin");

    /** Goes to the requester word for word: it is part of the wire contract. */
    final String text;

    Reason(String text) {
        this.text = text;
    }

    /** As metrics name it. */
    public String label() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
