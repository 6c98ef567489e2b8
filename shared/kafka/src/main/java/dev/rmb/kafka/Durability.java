package dev.rmb.kafka;

/**
 * What Kafka must do before it counts a record as written (delivery.md, 18).
 *
 * @param acceptWeakReplication whether topics may be such that the loss of one broker loses what
 *     was accepted
 * @param fsync whether a broker must have a record on its disk, and not only in memory, before it
 *     acknowledges
 */
public record Durability(boolean acceptWeakReplication, boolean fsync) {}
