package dev.rmb.router.dispatch;

/**
 * What time it is, twice.
 *
 * @param monotonicMs for every interval: never goes back or jumps, and means nothing elsewhere
 * @param wallMs since the epoch, by this machine's clock, which may be set at any time: only to be
 *     compared with what the log says of a message
 */
public record Now(long monotonicMs, long wallMs) {}
