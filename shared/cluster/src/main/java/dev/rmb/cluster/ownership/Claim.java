package dev.rmb.cluster.ownership;

/**
 * A router's claim to a partition. See delivery.md, 5.
 *
 * @param epoch the claim's own offset in the topic; the highest of a partition counts
 * @param endpoint where the router's link listens
 * @param router its pod name
 * @param incarnation one per start of the router process
 */
public record Claim(int partition, long epoch, String endpoint, String router, long incarnation) {}
