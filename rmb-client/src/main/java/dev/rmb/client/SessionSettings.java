package dev.rmb.client;

import java.time.Duration;

/**
 * Times and bounds of a session.
 *
 * @param connectTimeout for one attempt at one relay
 * @param ping how often to ping; docs/specification.md, 8.2
 * @param silence after how long without a frame a connection counts as dead
 * @param firstBackoff limit of the first wait before connecting again
 * @param longestBackoff what that limit grows to
 * @param stable a connection that lasted as long makes the waits short again
 * @param linger how long closing waits for what is queued, and then for the relay's farewell
 * @param queuedMessages that may wait to be sent
 * @param queuedBytes that may wait to be sent
 * @param receivedMessages that may be worked on, for each relay, before reading pauses
 * @param receivedBytes that may be worked on, for each relay, before reading pauses
 */
record SessionSettings(
        Duration connectTimeout,
        Duration ping,
        Duration silence,
        Duration firstBackoff,
        Duration longestBackoff,
        Duration stable,
        Duration linger,
        int queuedMessages,
        long queuedBytes,
        int receivedMessages,
        long receivedBytes) {

    /** What a session does unless told otherwise. */
    static final SessionSettings DEFAULTS =
            new SessionSettings(
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(20),
                    Duration.ofSeconds(40),
                    Duration.ofMillis(250),
                    Duration.ofSeconds(8),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(2),
                    16 * 1024,
                    2L * MessageAssembler.MAX_MESSAGE,
                    256,
                    MessageAssembler.MAX_MESSAGE);

    SessionSettings withConnectTimeout(Duration timeout) {
        return new SessionSettings(
                timeout,
                ping,
                silence,
                firstBackoff,
                longestBackoff,
                stable,
                linger,
                queuedMessages,
                queuedBytes,
                receivedMessages,
                receivedBytes);
    }

    SessionSettings withKeepAlive(Duration pingEvery, Duration deadAfter) {
        return new SessionSettings(
                connectTimeout,
                pingEvery,
                deadAfter,
                firstBackoff,
                longestBackoff,
                stable,
                linger,
                queuedMessages,
                queuedBytes,
                receivedMessages,
                receivedBytes);
    }

    SessionSettings withBackoff(Duration first, Duration longest) {
        return new SessionSettings(
                connectTimeout,
                ping,
                silence,
                first,
                longest,
                stable,
                linger,
                queuedMessages,
                queuedBytes,
                receivedMessages,
                receivedBytes);
    }

    SessionSettings withQueue(int messages, long bytes) {
        return new SessionSettings(
                connectTimeout,
                ping,
                silence,
                firstBackoff,
                longestBackoff,
                stable,
                linger,
                messages,
                bytes,
                receivedMessages,
                receivedBytes);
    }

    SessionSettings withReceived(int messages, long bytes) {
        return new SessionSettings(
                connectTimeout,
                ping,
                silence,
                firstBackoff,
                longestBackoff,
                stable,
                linger,
                queuedMessages,
                queuedBytes,
                messages,
                bytes);
    }
}
