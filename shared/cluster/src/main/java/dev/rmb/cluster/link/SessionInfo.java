package dev.rmb.cluster.link;

import dev.rmb.protocol.Address;

/**
 * A connected client, as its gateway announces it.
 *
 * @param id random, never used again
 * @param connectedAtMs milliseconds since the epoch, by the gateway's clock
 */
public record SessionInfo(long id, Address address, long connectedAtMs) {}
