package dev.rmb.gateway.federation;

import java.util.Locale;

/**
 * What another relay is told. Relays give a message up for good at any status of 4xx and try again
 * at 5xx, so that nothing that may pass is one of 4xx, not even what HTTP has one for. The texts
 * are part of what relays rely on.
 */
enum Answer {
    ACCEPTED(202, ""),

    EMPTY(400, "empty body"),
    NOT_AN_ENVELOPE(400, "not an envelope"),
    NO_DESTINATION(400, "message with missing destination"),
    NO_SOURCE(400, "message with missing source"),
    PING(400, "pings and pongs do not go from relay to relay"),
    EXPIRED(400, "message has expired"),
    FROM_THE_FUTURE(400, "the timestamp is in the future"),
    ABSURD_LIFETIME(400, "the expiration is absurd"),
    RELAY_ERROR(400, "errors of other relays are not taken"),
    BANNED(403, "banned"),
    UNKNOWN_SOURCE(403, "unknown twin source"),
    WRONG_SIGNATURE(403, "wrong signature"),
    /** The only 404: senders take it for this, whatever its text. */
    OFFLINE(404, "destination offline"),
    UNKNOWN_DESTINATION(421, "unknown twin destination"),
    /** Senders know this one by its beginning, and look the twin up anew. */
    NOT_OURS(421, "twin is not of this relay"),

    DRAINING(503, "draining"),
    BUSY(503, "relay busy, try again"),
    TOO_SLOW(503, "the body took too long"),
    RATE_LIMITED(503, "exceeded rate limits, try again"),
    LOOK_UP_FAILED(503, "the twin could not be looked up"),
    WHEREABOUTS_UNKNOWN(503, "not known yet whether the destination is connected"),
    NOT_CONFIRMED(503, "not confirmed, may still arrive");

    private static final int UNAVAILABLE = 503;

    private final int status;
    private final String text;

    Answer(int status, String text) {
        this.status = status;
        this.text = text;
    }

    int status() {
        return status;
    }

    String text() {
        return text;
    }

    /** Whether the same envelope may be taken later. */
    boolean isPassing() {
        return status == UNAVAILABLE;
    }

    /** Its name in metrics. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
