package dev.rmb.router;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.rmb.kafka.KafkaSettings;
import dev.rmb.router.dispatch.DispatchSettings;
import dev.rmb.router.dispatch.MailboxLimits;
import io.dropwizard.util.DataSize;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * How messages are delivered and kept.
 *
 * @param windowMessages that may be under way to a session, unconfirmed
 * @param windowSize bytes of the same; one message may always be under way, however large
 * @param waitingMessages of one address that wait in memory before they are stored
 * @param memory of messages, for all partitions of this router; beyond it they are stored first
 * @param storeAfter when a message that is not confirmed is stored
 * @param watermarkInterval least time between two writes of the watermark
 * @param settle how long a new owner of a partition waits for gateways to say who is connected
 * @param longestLife of a message in a mailbox; at most half the log's retention
 * @param mailboxMessages that may wait for one address, those in flight included; further ones are
 *     refused
 * @param mailboxSize bytes of the same
 * @param twinAddresses of one twin for which anything may wait
 * @param twinMessages that may wait for all addresses of one twin
 * @param twinSize bytes of the same
 * @param partitionSize bytes stored for all twins of a partition; 0: no bound
 * @param lagAlarm age of a record in the log, when it is read, from which on operators are warned:
 *     a quarter of the log's retention
 * @param unsafeIgnoreWatermark loses messages at every takeover: only for the failure harness, to
 *     prove that it notices
 */
public record DeliverySettings(
        @JsonProperty(defaultValue = "4096") int windowMessages,
        @JsonProperty(defaultValue = "1MiB") DataSize windowSize,
        @JsonProperty(defaultValue = "1024") int waitingMessages,
        @JsonProperty(defaultValue = "64MiB") DataSize memory,
        @JsonProperty(defaultValue = "2s") Duration storeAfter,
        @JsonProperty(defaultValue = "250ms") Duration watermarkInterval,
        @JsonProperty(defaultValue = "2s") Duration settle,
        @JsonProperty(defaultValue = "12h") Duration longestLife,
        @JsonProperty(defaultValue = "10000") int mailboxMessages,
        @JsonProperty(defaultValue = "64MiB") DataSize mailboxSize,
        @JsonProperty(defaultValue = "1000") int twinAddresses,
        @JsonProperty(defaultValue = "100000") int twinMessages,
        @JsonProperty(defaultValue = "256MiB") DataSize twinSize,
        @JsonProperty(defaultValue = "8GiB") DataSize partitionSize,
        @JsonProperty(defaultValue = "6h") Duration lagAlarm,
        @JsonProperty(defaultValue = "false") boolean unsafeIgnoreWatermark) {
    private static final int MAX_MESSAGES = 1 << 20;
    private static final long MAX_WINDOW = 1L << 30;
    private static final Duration LONGEST_LIFE = Duration.ofHours(12);

    public DeliverySettings {
        if (windowMessages < 1 || windowMessages > MAX_MESSAGES) {
            throw new IllegalArgumentException("windowMessages must be 1 to " + MAX_MESSAGES);
        }
        if (windowSize.toBytes() < 1 || windowSize.toBytes() > MAX_WINDOW) {
            throw new IllegalArgumentException("windowSize must be 1B to 1GiB");
        }
        if (waitingMessages < 0 || waitingMessages > MAX_MESSAGES) {
            throw new IllegalArgumentException("waitingMessages must be 0 to " + MAX_MESSAGES);
        }
        if (memory.toBytes() < 0) {
            throw new IllegalArgumentException("memory must not be negative");
        }
        if (storeAfter.isNegative() || watermarkInterval.isNegative() || settle.isNegative()) {
            throw new IllegalArgumentException(
                    "storeAfter, watermarkInterval and settle must not be negative");
        }
        if (longestLife.isNegative() || longestLife.compareTo(LONGEST_LIFE) > 0) {
            throw new IllegalArgumentException("longestLife must be 0 to 12h");
        }
        if (mailboxMessages < 1 || twinAddresses < 1 || twinMessages < 1) {
            throw new IllegalArgumentException(
                    "mailboxMessages, twinAddresses and twinMessages must be at least 1");
        }
        if (mailboxSize.toBytes() < KafkaSettings.MAX_RECORD_BYTES
                || twinSize.toBytes() < KafkaSettings.MAX_RECORD_BYTES) {
            throw new IllegalArgumentException(
                    "mailboxSize and twinSize must be at least "
                            + KafkaSettings.MAX_RECORD_BYTES
                            + " bytes: one message of any size must fit");
        }
        if (partitionSize.toBytes() < 0) {
            throw new IllegalArgumentException("partitionSize must not be negative");
        }
        if (lagAlarm.toMillis() < 1) {
            throw new IllegalArgumentException("lagAlarm must be at least 1ms");
        }
    }

    /**
     * The bounds of what is kept for an address, for a twin and in a partition (delivery.md, 7).
     */
    MailboxLimits limits() {
        return new MailboxLimits(
                mailboxMessages,
                mailboxSize.toBytes(),
                twinAddresses,
                twinMessages,
                twinSize.toBytes(),
                partitionSize.toBytes());
    }

    /**
     * @param limits as they are in force, from {@link #limits} on
     * @param passOn see {@link dev.rmb.router.federation.FederationSettings}
     */
    DispatchSettings dispatch(Supplier<MailboxLimits> limits, boolean passOn) {
        return new DispatchSettings(
                windowMessages,
                (int) windowSize.toBytes(),
                waitingMessages,
                memory.toBytes(),
                storeAfter.toMillis(),
                watermarkInterval.toMillis(),
                settle.toMillis(),
                longestLife.toMillis(),
                limits,
                passOn,
                unsafeIgnoreWatermark);
    }
}
