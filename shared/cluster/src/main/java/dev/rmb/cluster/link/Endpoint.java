package dev.rmb.cluster.link;

/**
 * Who stands at one end of a link.
 *
 * @param pod its name
 * @param incarnation random, one per start of its process
 */
public record Endpoint(String pod, long incarnation) {}
