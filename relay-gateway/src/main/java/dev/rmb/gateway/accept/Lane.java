package dev.rmb.gateway.accept;

import dev.rmb.cluster.Origin;
import dev.rmb.cluster.Partitioning;
import dev.rmb.cluster.RecordHeader;
import dev.rmb.cluster.link.Offer;
import dev.rmb.gateway.offers.Offering;
import dev.rmb.gateway.offers.Sender;
import dev.rmb.gateway.offers.Turn;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;

/**
 * The way of one partition's envelopes to the producer and, beside it, to the partition's owner.
 * Thread-safe: one lock makes sequence, record and offer one step (delivery.md, 20), so that what
 * the producer gets and what is offered has the order of the sequences.
 *
 * <p>While offers are delivered beside the log, records wait here for others: the producer's own
 * linger cannot be changed while it lives. What waits is not accepted, counts as under way, and is
 * bounded by that.
 */
final class Lane implements Turn.Batch {
    /** What is large gains nothing by being sent twice. */
    static final int MAX_OFFER = 64 * 1024;

    /** Offers of a turn go out early beyond it. */
    private static final int MAX_OFFERS_BYTES = 256 * 1024;

    private final int partition;
    private final long writer;
    private final String topic;
    private final int maxWaiting;
    private final Offering offering;
    private final Producer producer;
    private final ArrayDeque<Handover> waiting = new ArrayDeque<>();
    private List<Offer> offers = new ArrayList<>();
    private long sequence;
    private long waitingBytes;
    private long offersBytes;
    private boolean touched;

    /** Also read without the lock: whether there is anything to release. */
    private volatile boolean holdsBack;

    /** Takes records; called with the lane's lock held. */
    interface Producer {
        /** Hands a record over; returns {@code false} if it is refused or held back. */
        boolean take(Handover handover);

        /** Whether Kafka is away, so that nothing should go out that it may never have. */
        boolean isAway();

        /**
         * A record waits for others, and is to be released in time; returns {@code false} if nobody
         * will.
         */
        boolean waits();
    }

    /**
     * @param maxWaiting bytes of envelopes that wait for others: beyond the producer's batch,
     *     waiting for more makes it no larger
     */
    Lane(
            int partition,
            long writer,
            String topic,
            int maxWaiting,
            Offering offering,
            Producer producer) {
        this.partition = partition;
        this.writer = writer;
        this.topic = topic;
        this.maxWaiting = maxWaiting;
        this.offering = offering;
        this.producer = producer;
    }

    /** An envelope that is of no session goes through the log alone. */
    synchronized void pass(
            RecordHeader.Kind kind,
            long destination,
            byte[] envelope,
            long ingressMs,
            Receipt receipt) {
        handOver(next(kind, destination, envelope, ingressMs, receipt));
    }

    synchronized void send(
            long destination, byte[] envelope, long ingressMs, Sender sender, Receipt receipt) {
        Handover handover = next(RecordHeader.Kind.PEER, destination, envelope, ingressMs, receipt);
        long number = sequence;
        sender.turn().envelope(offering::turnEnded);
        long first = sender.first(partition, number);
        // The first one cannot be taken before it has come back by itself.
        boolean isOffered =
                first < number
                        && envelope.length <= MAX_OFFER
                        && !producer.isAway()
                        && offering.mayOffer(partition);
        if (!isOffered) {
            handOver(handover);
            return;
        }
        if (offering.lingers(partition)) {
            handover.offered();
            waiting.add(handover);
            waitingBytes += envelope.length;
            holdsBack = true;
            if (!producer.waits() || waitingBytes >= maxWaiting) {
                release();
            }
        } else {
            release();
            if (!producer.take(handover)) {
                return;
            }
            handover.offered();
        }
        offer(new Offer(number, first, envelope), sender);
    }

    /** Hands everything that waits to the producer. */
    synchronized void release() {
        Handover next;
        while ((next = waiting.poll()) != null) {
            var _ = producer.take(next);
        }
        waitingBytes = 0;
        holdsBack = false;
    }

    /**
     * Hands the first one of those that wait to the producer, ahead of the others.
     *
     * @param whenBack run on the producer's thread once the log has it; not if it is refused
     * @return whether the producer took one
     */
    synchronized boolean releaseFirst(Runnable whenBack) {
        Handover first = waiting.poll();
        if (first == null) {
            return false;
        }
        first.whenBack(whenBack);
        return producer.take(first);
    }

    /** Whether records wait for others. */
    boolean holdsBack() {
        return holdsBack;
    }

    /** Sends what this turn has to offer. */
    @Override
    public synchronized void send() {
        touched = false;
        sendOffers();
    }

    private Handover next(
            RecordHeader.Kind kind,
            long destination,
            byte[] envelope,
            long ingressMs,
            Receipt receipt) {
        var header =
                new OriginHeader(new RecordHeader(kind, ingressMs, new Origin(writer, ++sequence)));
        return new Handover(
                new ProducerRecord<>(
                        topic,
                        partition,
                        null,
                        Partitioning.key(destination),
                        envelope,
                        List.of(header)),
                receipt);
    }

    private void handOver(Handover handover) {
        release();
        var _ = producer.take(handover);
    }

    private void offer(Offer offer, Sender sender) {
        offers.add(offer);
        offersBytes += offer.envelope().length;
        if (offersBytes >= MAX_OFFERS_BYTES) {
            sendOffers();
        } else if (!touched) {
            touched = true;
            sender.turn().touch(this);
        }
    }

    private void sendOffers() {
        if (offers.isEmpty()) {
            return;
        }
        List<Offer> now = offers;
        offers = new ArrayList<>();
        offersBytes = 0;
        if (!offering.send(partition, writer, now)) {
            release();
        }
    }

    /** Immutable, unlike Kafka's own. */
    private static final class OriginHeader implements Header {
        private final byte[] value;

        OriginHeader(RecordHeader header) {
            this.value = header.encode();
        }

        @Override
        public String key() {
            return RecordHeader.NAME;
        }

        @Override
        public byte[] value() {
            return value;
        }
    }
}
