package dev.rmb.cluster;

/**
 * Which record this is: whose, and which of theirs in its partition. It is known before the log has
 * the record, and says so afterwards (delivery.md, 20).
 *
 * @param writer a producer; random, never 0 and never used again
 * @param sequence 1, 2, 3 … for each writer and partition, in the order of the log; some may be
 *     missing there
 */
public record Origin(long writer, long sequence) {
    public Origin {
        if (writer == 0 || sequence < 1) {
            throw new IllegalArgumentException("no record is %d of %d".formatted(sequence, writer));
        }
    }
}
