package dev.rmb.router.dispatch;

/**
 * How much may wait for one address and for one twin (delivery.md, 7). What is in memory or in
 * flight counts, so that storing it can never be refused.
 *
 * @param addresses of a twin for which anything waits
 */
public record MailboxLimits(
        long addressMessages, long addressBytes, long addresses, long messages, long bytes) {
    public static final MailboxLimits DEFAULTS =
            new MailboxLimits(10_000, 64L << 20, 1_000, 100_000, 256L << 20);

    public MailboxLimits {
        if (addressMessages < 1 || addressBytes < 1 || addresses < 1 || messages < 1 || bytes < 1) {
            throw new IllegalArgumentException("a mailbox needs room for a message");
        }
    }
}
