package dev.rmb.client;

import java.time.Duration;

/**
 * Hears what a client does, for counters and timers of whatever kind. Called on the client's
 * threads and on those of its users: must neither block nor throw. All methods do nothing unless
 * they are overridden.
 */
public interface ClientMetrics {
    /** Counts nothing. */
    ClientMetrics NONE = new ClientMetrics() {};

    /** How a call ended, or a request. */
    enum Outcome {
        /** With a payload. */
        ANSWERED,
        /** With an error of the other twin, or of a handler. */
        ERROR,
        /** With an error of a relay. */
        RELAY_ERROR,
        /** Without an answer in its time. */
        TIMEOUT,
        /** It was given up by who made it. */
        CANCELLED,
        /** It could not be sent. */
        NOT_SENT
    }

    /**
     * A call ended.
     *
     * @param command what was called
     * @param outcome how it ended
     * @param took since it was made
     */
    default void called(String command, Outcome outcome, Duration took) {}

    /**
     * A request was worked on, or refused as too many wait.
     *
     * @param command as its sender wrote it: anything at all, if {@link
     *     RmbClientBuilder#handleOthers} takes it
     * @param outcome {@link Outcome#ANSWERED}, {@link Outcome#ERROR}, or {@link Outcome#TIMEOUT} if
     *     its handler did not answer in its time
     * @param took since it was received
     */
    default void served(String command, Outcome outcome, Duration took) {}

    /**
     * A message came that may not be believed.
     *
     * @param code why, of {@link ErrorCodes}
     */
    default void refused(int code) {}

    /** A request came that had come before. It is not run again. */
    default void repeated() {}

    /** A call that may be sent twice was sent again after a connection was lost. */
    default void resent() {}
}
