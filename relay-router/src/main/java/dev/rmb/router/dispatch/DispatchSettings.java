package dev.rmb.router.dispatch;

import java.util.function.Supplier;

/**
 * The bounds of one partition's dispatcher.
 *
 * @param windowMessages deliveries to a session that may be unacknowledged, at least 1
 * @param windowBytes of envelopes, likewise; one message may always be out, however large
 * @param waitingMessages that one address may have in memory, unsent, before they are stored
 * @param memoryBytes of messages that all partitions of a router hold in memory together; beyond it
 *     messages are stored first
 * @param storeAfterMs after which an unacknowledged message is stored, so that the watermark moves
 * @param watermarkMs least time between two writes of the watermark
 * @param settleMs how long the snapshots of live gateways are waited for
 * @param lifetimeCapMs longest time that a message may wait in a mailbox
 * @param limits of mailboxes as they are now; asked for each message, on any thread
 * @param passOn what another relay brought may go to a third one: for a relay that is left for its
 *     successor
 * @param ignoreWatermark a takeover reads from the committed offset on and loses what was in
 *     flight: for tests, which must be able to fail
 */
public record DispatchSettings(
        int windowMessages,
        int windowBytes,
        int waitingMessages,
        long memoryBytes,
        long storeAfterMs,
        long watermarkMs,
        long settleMs,
        long lifetimeCapMs,
        Supplier<MailboxLimits> limits,
        boolean passOn,
        boolean ignoreWatermark) {
    public static final DispatchSettings DEFAULTS =
            new DispatchSettings(
                    4_096,
                    1 << 20,
                    1_024,
                    64L << 20,
                    2_000,
                    250,
                    2_000,
                    12L * 3_600_000,
                    MailboxLimits.DEFAULTS,
                    false,
                    false);

    /** With limits that stay what they are. */
    public DispatchSettings(
            int windowMessages,
            int windowBytes,
            int waitingMessages,
            long memoryBytes,
            long storeAfterMs,
            long watermarkMs,
            long settleMs,
            long lifetimeCapMs,
            MailboxLimits limits,
            boolean passOn,
            boolean ignoreWatermark) {
        this(
                windowMessages,
                windowBytes,
                waitingMessages,
                memoryBytes,
                storeAfterMs,
                watermarkMs,
                settleMs,
                lifetimeCapMs,
                () -> limits,
                passOn,
                ignoreWatermark);
    }

    public DispatchSettings {
        if (windowMessages < 1 || windowBytes < 1 || waitingMessages < 0 || memoryBytes < 0) {
            throw new IllegalArgumentException("windows need room for a message");
        }
        if (storeAfterMs < 0 || watermarkMs < 0 || settleMs < 0 || lifetimeCapMs < 0) {
            throw new IllegalArgumentException("times must not be negative");
        }
    }
}
