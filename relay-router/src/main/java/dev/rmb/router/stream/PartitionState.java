package dev.rmb.router.stream;

import dev.rmb.router.mailbox.Mailbox;

/**
 * A partition that this router has open, as it was within the last second.
 *
 * @param epoch of its claim; -1 while it is not claimed
 * @param position offset behind the last record that was read
 * @param watermarkLag records between there and the watermark
 * @param appendLagMs how long the log had a record before it was read, at most, lately
 * @param mail what its mailboxes hold, as far as it is counted
 * @param oldestMs age of the oldest message in them
 * @param memoryBytes of messages in memory
 */
public record PartitionState(
        int partition,
        Phase phase,
        long epoch,
        long position,
        long watermarkLag,
        long appendLagMs,
        int sessions,
        Mailbox.Depth mail,
        long oldestMs,
        long memoryBytes) {
    /** How far its opening has got. */
    public enum Phase {
        /** What a predecessor left is read, or it is not claimed yet. */
        OPENING,
        /** Messages are delivered, but it is not known yet who is offline. */
        SETTLING,
        SERVING
    }
}
