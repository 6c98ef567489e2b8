package dev.rmb.gateway.session;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.rmb.kafka.KafkaSettings;
import io.dropwizard.util.DataSize;
import java.time.Duration;

/**
 * How sessions are kept.
 *
 * @param max sessions of this gateway; a connection beyond it is refused
 * @param maxPerTwin sessions of one twin, in this gateway; 0: any number
 * @param inFlight bytes of one session that may be under way into the log before it is not read any
 *     more; exceeded by at most one envelope
 * @param queued bytes that may wait for one client to read them before it is disconnected. The
 *     owner's window is what normally bounds this; here is a guard
 * @param queuedInAll bytes that may wait for all clients together; beyond it the one that most of
 *     it waits for is disconnected, and gets it when it connects again. Direct memory must have
 *     room for twice as much
 * @param unfinishedInAll bytes of messages whose end has not come, of all clients together; beyond
 *     it the one with the most is disconnected
 * @param probeInterval at most one question for confirmation is sent in this time, unless there are
 *     many deliveries
 * @param probeAfter so many deliveries are asked about at once
 * @param idle silence after which a client is asked whether it is there
 * @param answerTimeout after which a client that does not answer is disconnected
 */
public record SessionSettings(
        @JsonProperty(defaultValue = "100000") int max,
        @JsonProperty(defaultValue = "1000") int maxPerTwin,
        @JsonProperty(defaultValue = "4MiB") DataSize inFlight,
        @JsonProperty(defaultValue = "64MiB") DataSize queued,
        @JsonProperty(defaultValue = "128MiB") DataSize queuedInAll,
        @JsonProperty(defaultValue = "64MiB") DataSize unfinishedInAll,
        @JsonProperty(defaultValue = "25ms") Duration probeInterval,
        @JsonProperty(defaultValue = "32") int probeAfter,
        @JsonProperty(defaultValue = "30s") Duration idle,
        @JsonProperty(defaultValue = "60s") Duration answerTimeout) {

    /** A client that was just sent the largest envelope is not one that does not read. */
    private static final long MIN_QUEUED = 17 << 20;

    private static final long LARGEST = KafkaSettings.MAX_RECORD_BYTES;

    public SessionSettings {
        if (max < 1) {
            throw new IllegalArgumentException("max must be at least 1");
        }
        if (maxPerTwin < 0) {
            throw new IllegalArgumentException("maxPerTwin must not be negative");
        }
        if (inFlight.toBytes() < 1) {
            throw new IllegalArgumentException("inFlight must be at least 1 byte");
        }
        if (queued.toBytes() < MIN_QUEUED) {
            throw new IllegalArgumentException("queued must be at least 17MiB");
        }
        if (queuedInAll.toBytes() < LARGEST || unfinishedInAll.toBytes() < LARGEST) {
            throw new IllegalArgumentException(
                    "queued-in-all and unfinished-in-all must be at least 17MiB, which one envelope"
                            + " may need");
        }
        if (probeInterval.toMillis() < 1 || probeInterval.toSeconds() > 1) {
            throw new IllegalArgumentException("probeInterval must be 1ms to 1s");
        }
        if (probeAfter < 1) {
            throw new IllegalArgumentException("probeAfter must be at least 1");
        }
        if (idle.toMillis() < 1 || answerTimeout.toMillis() < 1) {
            throw new IllegalArgumentException("time-outs must be at least 1ms");
        }
    }
}
