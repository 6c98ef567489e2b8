package dev.rmb.server.logging;

/** How an event is written: one line in either. */
public enum LogFormat {
    /** For people. */
    TEXT,
    /** For programs. */
    JSON
}
