package dev.rmb.router.dispatch;

/** What a record was taken for. */
public enum Taken {
    MESSAGE,
    /** It was given before. */
    REPEATED,
    /** No message: without header, key or value, or none that can be read. */
    UNREADABLE,
    /** Of a version that is not known here; kept. */
    PARKED
}
