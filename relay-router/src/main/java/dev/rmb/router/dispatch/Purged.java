package dev.rmb.router.dispatch;

/**
 * What came of emptying a mailbox.
 *
 * @param messages that were taken out
 * @param bytes of their envelopes
 * @param kept messages that were on their way to somebody, and were left alone
 */
public record Purged(long messages, long bytes, long kept) {}
