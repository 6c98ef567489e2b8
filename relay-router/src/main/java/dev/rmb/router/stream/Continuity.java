package dev.rmb.router.stream;

import dev.rmb.router.mailbox.Mailboxes;
import dev.rmb.router.mailbox.Seams;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.UUID;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out, when a partition is opened, whether its log still is the one that predecessors read,
 * and makes a seam where it is not (delivery.md, 19).
 */
final class Continuity {
    private static final Logger log = LoggerFactory.getLogger(Continuity.class);

    private final TopicPartition source;
    private final Mailboxes mailboxes;
    private final LogReader reader;
    private final Duration patience;

    /**
     * What a takeover begins with.
     *
     * @param committed the place from which on nobody has read
     */
    record Opening(Seams seams, long committed) {}

    /**
     * @param patience for each question to Kafka
     */
    Continuity(TopicPartition source, Mailboxes mailboxes, LogReader reader, Duration patience) {
        this.source = source;
        this.mailboxes = mailboxes;
        this.reader = reader;
        this.patience = patience;
    }

    /**
     * @param suspect this process saw the log change
     * @throws TimeoutException if Kafka does not tell in time
     */
    Opening look(boolean suspect) {
        Seams seams = mailboxes.seams();
        OptionalLong watermark = mailboxes.watermark();
        OffsetAndMetadata committed = reader.committed(source, patience);
        if (committed == null && watermark.isEmpty()) {
            // Kafka Streams begins with the log's first record.
            return suspect ? cut(seams, 0, 0) : new Opening(seams, 0);
        }
        long end = reader.end(source, patience);
        // The group's offset may have been lost, as the log's end may: W is one of two witnesses.
        long known =
                Math.max(
                        committed == null ? end : committed.offset(),
                        seams.offset(watermark.orElse(0)));
        long whole = Math.min(known, end);
        boolean isAnother = false;
        if (committed != null) {
            try {
                long whereItDiffers = reader.whole(source, committed, patience);
                whole = whereItDiffers < committed.offset() ? whereItDiffers : whole;
            } catch (TimeoutException e) {
                // What is asked names an epoch that another topic does not know.
                isAnother = isAnother(seams, false);
                if (!isAnother) {
                    throw e;
                }
            }
        }
        boolean isCut = whole < known || suspect;
        // Read twice rather than never, if nobody noted whose records they were.
        if (isAnother || ((isCut || committed == null) && isAnother(seams, isCut))) {
            return madeAnew(seams, known, committed, end);
        }
        return isCut
                ? cut(seams, known, whole)
                : new Opening(seams, Math.max(seams.place(known), seams.lastPlace()));
    }

    private boolean isAnother(Seams seams, boolean ifUnknown) {
        UUID was = seams.topic();
        return was == null ? ifUnknown : !was.equals(reader.topic(patience));
    }

    private Opening cut(Seams seams, long known, long whole) {
        log.error(
                "The log of partition {} lost its records from {} on, which were read up to {}:"
                        + " what was accepted there and not stored yet is lost. A broker lost power,"
                        + " probably, before it had written them",
                source.partition(),
                whole,
                known);
        Seams cut = seams.cut(whole, above(seams, known));
        mailboxes.write(cut);
        return new Opening(cut, cut.lastPlace());
    }

    private Opening madeAnew(
            Seams seams, long known, @Nullable OffsetAndMetadata committed, long end) {
        log.error(
                "The log of partition {} was made anew: what was accepted and not stored yet is"
                        + " lost",
                source.partition());
        Seams anew = seams.madeAnew(reader.topic(patience), above(seams, known));
        mailboxes.write(anew);
        // Kafka Streams begins there.
        long begin = committed == null ? 0 : Math.min(committed.offset(), end);
        return new Opening(anew, anew.place(begin));
    }

    /** More than every place that was ever given. */
    private long above(Seams seams, long known) {
        return Math.max(
                        Math.max(seams.place(known), seams.lastPlace()),
                        mailboxes.watermark().orElse(0))
                + Seams.GAP;
    }
}
