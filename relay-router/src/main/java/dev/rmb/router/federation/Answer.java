package dev.rmb.router.federation;

/** What a relay made of a message. */
sealed interface Answer {
    /** It answered with this HTTP status. */
    record Status(int code) implements Answer {}

    /** It did not, or not in time. */
    record NoAnswer(String why) implements Answer {}

    /** It may not be spoken to. */
    record Forbidden(String why) implements Answer {}
}
