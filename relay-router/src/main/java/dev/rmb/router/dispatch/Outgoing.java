package dev.rmb.router.dispatch;

/**
 * A message on its way to another relay.
 *
 * @param envelope must not be changed by anybody
 */
// Never compared, and a copy of each envelope is what this avoids.
@SuppressWarnings("ArrayRecordComponent")
public record Outgoing(long offset, byte[] envelope) {}
