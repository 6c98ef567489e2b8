package dev.rmb.cluster.link;

/**
 * An envelope that is on its way into the log.
 *
 * @param sequence of its record: 1, 2, 3 … for each producer and partition
 * @param first sequence of the first record of the same client session in this partition
 * @param envelope must not be changed by anybody
 */
// Offers are never compared, and a copy of each envelope is what this avoids.
@SuppressWarnings("ArrayRecordComponent")
public record Offer(long sequence, long first, byte[] envelope) {}
