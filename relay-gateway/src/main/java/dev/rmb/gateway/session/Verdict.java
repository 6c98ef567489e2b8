package dev.rmb.gateway.session;

/** What is to be done with an envelope that a client sent. */
enum Verdict {
    /** It goes into the log. */
    SEND(""),
    /** An application ping: answered by the relay. */
    PING(""),
    /** An application ping from elsewhere. */
    IGNORE(""),
    WRONG_SOURCE("message wrong source"),
    NO_DESTINATION("message with missing destination"),
    RATE_LIMITED("exceeded rate limits, dropping message");

    private final String reason;

    Verdict(String reason) {
        this.reason = reason;
    }

    /** What the sender is told of a refusal, word for word: part of the wire contract. */
    String reason() {
        return reason;
    }
}
