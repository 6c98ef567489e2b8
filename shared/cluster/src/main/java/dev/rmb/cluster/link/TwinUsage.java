package dev.rmb.cluster.link;

/**
 * What one twin has sent in a minute.
 *
 * @param bytes of the messages
 */
public record TwinUsage(long twin, long messages, long bytes) {}
