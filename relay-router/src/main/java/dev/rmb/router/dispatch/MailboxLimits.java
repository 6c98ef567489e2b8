package dev.rmb.router.dispatch;

/**
 * How much may wait for one address, for one twin and in a partition (delivery.md, 7). What is in
 * memory or in flight counts, so that storing it can never be refused.
 *
 * @param addresses of a twin for which anything waits
 * @param partitionBytes stored for all twins of a partition; 0: no bound
 */
public record MailboxLimits(
        long addressMessages,
        long addressBytes,
        long addresses,
        long messages,
        long bytes,
        long partitionBytes) {
    public static final MailboxLimits DEFAULTS =
            new MailboxLimits(10_000, 64L << 20, 1_000, 100_000, 256L << 20, 8L << 30);

    public MailboxLimits {
        if (addressMessages < 1 || addressBytes < 1 || addresses < 1 || messages < 1 || bytes < 1) {
            throw new IllegalArgumentException("a mailbox needs room for a message");
        }
        if (partitionBytes < 0) {
            throw new IllegalArgumentException("partitionBytes must not be negative");
        }
    }
}
