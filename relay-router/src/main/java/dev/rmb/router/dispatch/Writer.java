package dev.rmb.router.dispatch;

import dev.rmb.cluster.link.Offer;
import java.util.ArrayDeque;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one producer's records in this partition (delivery.md, 20): a prefix that was
 * read, a prefix that was read or delivered beside the log, and offers that come after it.
 */
final class Writer {
    final long id;

    /** Delivered beside the log and not read in it yet, in sequence. */
    final ArrayDeque<Message> taken = new ArrayDeque<>();

    /** Offers that wait for what comes before them: by another offer or by the log. */
    final NavigableMap<Long, Offer> held = new TreeMap<>();

    /** The link that its offers come over. */
    long link;

    /** The highest sequence that was read; those below were, too, or never will be. */
    long logged;

    /** The same, or taken as an offer. */
    long covered;

    /** No offer is taken before the log has been read up to here. */
    long gapThrough;

    /** When anything of it last came. */
    long heardMs;

    Writer(long id) {
        this.id = id;
    }

    /** The offer that may be taken now, as far as its writer is concerned. */
    @Nullable Offer next() {
        if (held.isEmpty() || logged < gapThrough) {
            return null;
        }
        Offer next = held.firstEntry().getValue();
        // A session's first record may come from another gateway, with messages still on the way.
        return next.sequence() == covered + 1 && next.first() <= logged ? next : null;
    }
}
