package dev.rmb.client;

import java.net.URI;
import java.time.Duration;

/**
 * Times and bounds of a connection.
 *
 * @param relay where to connect, without a query
 * @param connectTimeout for one attempt
 * @param ping how often to ping; docs/specification.md, 8.2
 * @param silence after how long without a frame a connection counts as dead
 * @param firstBackoff limit of the first wait before connecting again
 * @param longestBackoff what that limit grows to
 * @param stable a connection that lasted as long makes the waits short again
 * @param linger how long closing waits for what is queued, and then for the relay's farewell
 * @param queuedMessages that may wait to be sent
 * @param queuedBytes that may wait to be sent
 * @param pendingCalls that may wait for their answers
 * @param receivedMessages that may be worked on before reading pauses
 * @param receivedBytes that may be worked on before reading pauses
 */
record ConnectionSettings(
        URI relay,
        Duration connectTimeout,
        Duration ping,
        Duration silence,
        Duration firstBackoff,
        Duration longestBackoff,
        Duration stable,
        Duration linger,
        int queuedMessages,
        long queuedBytes,
        int pendingCalls,
        int receivedMessages,
        long receivedBytes) {

    /** The defaults for a relay. */
    static ConnectionSettings of(URI relay) {
        return new ConnectionSettings(
                relay,
                Duration.ofSeconds(10),
                Duration.ofSeconds(20),
                Duration.ofSeconds(40),
                Duration.ofMillis(250),
                Duration.ofSeconds(30),
                Duration.ofSeconds(10),
                Duration.ofSeconds(2),
                1024,
                2L * MessageAssembler.MAX_MESSAGE,
                16 * 1024,
                256,
                MessageAssembler.MAX_MESSAGE);
    }

    ConnectionSettings withConnectTimeout(Duration timeout) {
        return new ConnectionSettings(
                relay,
                timeout,
                ping,
                silence,
                firstBackoff,
                longestBackoff,
                stable,
                linger,
                queuedMessages,
                queuedBytes,
                pendingCalls,
                receivedMessages,
                receivedBytes);
    }

    ConnectionSettings withKeepAlive(Duration pingEvery, Duration deadAfter) {
        return new ConnectionSettings(
                relay,
                connectTimeout,
                pingEvery,
                deadAfter,
                firstBackoff,
                longestBackoff,
                stable,
                linger,
                queuedMessages,
                queuedBytes,
                pendingCalls,
                receivedMessages,
                receivedBytes);
    }

    ConnectionSettings withBackoff(Duration first, Duration longest) {
        return new ConnectionSettings(
                relay,
                connectTimeout,
                ping,
                silence,
                first,
                longest,
                stable,
                linger,
                queuedMessages,
                queuedBytes,
                pendingCalls,
                receivedMessages,
                receivedBytes);
    }

    ConnectionSettings withQueue(int messages, long bytes, int calls) {
        return new ConnectionSettings(
                relay,
                connectTimeout,
                ping,
                silence,
                firstBackoff,
                longestBackoff,
                stable,
                linger,
                messages,
                bytes,
                calls,
                receivedMessages,
                receivedBytes);
    }

    ConnectionSettings withReceived(int messages, long bytes) {
        return new ConnectionSettings(
                relay,
                connectTimeout,
                ping,
                silence,
                firstBackoff,
                longestBackoff,
                stable,
                linger,
                queuedMessages,
                queuedBytes,
                pendingCalls,
                messages,
                bytes);
    }
}
