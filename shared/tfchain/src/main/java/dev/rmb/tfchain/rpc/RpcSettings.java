package dev.rmb.tfchain.rpc;

import java.time.Duration;

/**
 * Bounds of a connection.
 *
 * @param connect time for the connection to be made
 * @param answer time for an answer, unless a call says otherwise
 * @param pending calls that may wait for their answers
 * @param message characters of a message from the node
 */
public record RpcSettings(Duration connect, Duration answer, int pending, int message) {
    /** Metadata has some hundred thousand characters, the events of a full block a few million. */
    static final int MAX_MESSAGE = 32 << 20;

    private static final int MAX_PENDING = 1024;

    public RpcSettings(Duration connect, Duration answer) {
        this(connect, answer, MAX_PENDING, MAX_MESSAGE);
    }
}
