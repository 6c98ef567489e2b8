package dev.rmb.gateway.accept;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import dev.rmb.cluster.Origin;
import dev.rmb.cluster.RecordHeader;
import dev.rmb.cluster.link.Offer;
import dev.rmb.gateway.offers.OfferSettings;
import dev.rmb.gateway.offers.Offering;
import dev.rmb.gateway.offers.Sender;
import dev.rmb.gateway.offers.Turn;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

final class LaneTest {
    private static final long WRITER = 9;
    private static final byte[] ENVELOPE = new byte[100];
    private static final int MAX_WAITING = 10_000;
    private static final TopicPartition PLACE = new TopicPartition("topic", 0);

    private long nowMs;
    private final List<Long> produced = new ArrayList<>();
    private final List<List<Long>> offered = new ArrayList<>();
    private final List<Receipt.Outcome> outcomes = new ArrayList<>();
    private final ArrayDeque<Runnable> loop = new ArrayDeque<>();
    private final Offering offering =
            new Offering(
                    new OfferSettings(true, Duration.ofMillis(20), 1_000),
                    1,
                    new MetricRegistry(),
                    () -> nowMs);
    private final FakeProducer producer = new FakeProducer();
    private final Lane lane = new Lane(0, WRITER, "topic", MAX_WAITING, offering, producer);
    private final Sender sender = new Sender(new Turn(loop::add));
    private boolean reachable = true;

    LaneTest() {
        offering.connect((_, _, offers) -> {
            if (reachable) {
                offered.add(offers.stream().map(Offer::sequence).toList());
            }
            return reachable;
        });
    }

    private final class FakeProducer implements Lane.Producer {
        private boolean refuses;
        private boolean away;
        private boolean closed;
        private int waits;
        private final List<Handover> taken = new ArrayList<>();

        private Handover last() {
            return taken.getLast();
        }

        @Override
        public boolean take(Handover handover) {
            if (refuses) {
                handover.refused(new IllegalStateException("refused"));
                return false;
            }
            ProducerRecord<byte[], byte[]> record = handover.begin();
            Origin origin =
                    Objects.requireNonNull(
                            RecordHeader.origin(
                                    record.headers().lastHeader(RecordHeader.NAME).value()));
            assertThat(origin.writer()).isEqualTo(WRITER);
            produced.add(origin.sequence());
            taken.add(handover);
            return true;
        }

        @Override
        public boolean isAway() {
            return away;
        }

        @Override
        public boolean waits() {
            waits++;
            return !closed;
        }
    }

    private LaneTest send() {
        lane.send(7, ENVELOPE, 1, sender, outcomes::add);
        return this;
    }

    private LaneTest endTurn() {
        Runnable next;
        while ((next = loop.poll()) != null) {
            next.run();
        }
        return this;
    }

    /** The owner has taken offers for a while. */
    private LaneTest taken() {
        for (int i = 0; i < 10; i++) {
            nowMs += 50;
            offering.seen(0, 100, 0);
        }
        assertThat(offering.lingers(0)).isTrue();
        return this;
    }

    private static Long[] numbers(long from, long to) {
        return LongStream.rangeClosed(from, to).boxed().toArray(Long[]::new);
    }

    @Test
    void rule20RecordsAndOffersHaveTheSameSequences() {
        send().send().send().endTurn();

        assertThat(produced).containsExactly(1L, 2L, 3L);
        assertThat(offered).containsExactly(List.of(2L, 3L));
    }

    @Test
    void rule22TheFirstRecordOfASessionIsNotOffered() {
        send().send().endTurn();
        Sender other = new Sender(new Turn(loop::add));
        lane.send(7, ENVELOPE, 1, other, outcomes::add);
        lane.send(7, ENVELOPE, 1, other, outcomes::add);
        endTurn();

        assertThat(offered).containsExactly(List.of(2L), List.of(4L));
    }

    @Test
    void envelopesWithoutASessionAreNotOffered() {
        send().endTurn();
        lane.pass(RecordHeader.Kind.FEDERATED, 7, ENVELOPE, 1, outcomes::add);
        endTurn();

        assertThat(produced).containsExactly(1L, 2L);
        assertThat(offered).isEmpty();
    }

    @Test
    void oneMessageCarriesTheOffersOfATurn() {
        for (int i = 0; i < 10; i++) {
            send();
        }
        assertThat(offered).isEmpty();
        endTurn();

        assertThat(offered).hasSize(1);
    }

    @Test
    void whileOffersAreTakenRecordsWaitForOthers() {
        send().taken().send().send().endTurn();

        assertThat(produced).containsExactly(1L);
        assertThat(offered).containsExactly(List.of(2L, 3L));
        assertThat(producer.waits).isEqualTo(2);
        lane.release();

        assertThat(produced).containsExactly(1L, 2L, 3L);
    }

    @Test
    void oneGoesFirstAndTheOthersWhenItIsBack() {
        send().taken().send().send().send();

        assertThat(lane.releaseFirst(lane::release)).isTrue();
        assertThat(produced).containsExactly(1L, 2L);
        producer.last().onCompletion(new RecordMetadata(PLACE, 1, 0, 0, 0, 0), null);
        assertThat(produced).containsExactly(1L, 2L, 3L, 4L);
        assertThat(lane.releaseFirst(lane::release)).isFalse();
    }

    @Test
    void aRefusedFirstOneIsNotWaitedFor() {
        send().taken().send().send();
        producer.refuses = true;

        assertThat(lane.releaseFirst(lane::release)).isFalse();
        producer.refuses = false;
        lane.release();
        assertThat(produced).containsExactly(1L, 3L);
    }

    @Test
    void whereNobodyWillReleaseItNothingWaits() {
        send().taken();
        producer.closed = true;
        send().send();

        assertThat(produced).containsExactly(1L, 2L, 3L);
    }

    @Test
    void theOthersGoEvenIfTheFirstOneFailed() {
        send().taken().send().send();

        lane.releaseFirst(lane::release);
        producer.last().end();
        producer.last().onCompletion(null, new TimeoutException("no answer"));
        assertThat(produced).containsExactly(1L, 2L, 3L);
        assertThat(outcomes).containsExactly(Receipt.Outcome.UNCONFIRMED);
    }

    @Test
    void aFullBatchWaitsNoLonger() {
        send().taken();
        int many = MAX_WAITING / ENVELOPE.length;
        for (int i = 0; i < many; i++) {
            send();
        }

        assertThat(produced).containsExactly(numbers(1, many + 1L));
    }

    @Test
    void whatIsNotOfferedDoesNotWaitAndNothingOvertakesWhatDoes() {
        send().taken().send();
        lane.send(7, new byte[Lane.MAX_OFFER + 1], 1, sender, outcomes::add);

        assertThat(produced).containsExactly(1L, 2L, 3L);
    }

    @Test
    void whereTheOwnerCannotBeReachedNothingWaits() {
        send().taken().send();
        reachable = false;
        endTurn();

        assertThat(produced).containsExactly(1L, 2L);
        assertThat(offered).isEmpty();
    }

    @Test
    void whileKafkaIsAwayNothingIsOffered() {
        send().endTurn();
        producer.away = true;
        send().endTurn();

        assertThat(offered).isEmpty();
    }

    @Test
    void whatTheProducerRefusesIsNotOffered() {
        send().endTurn();
        producer.refuses = true;
        send().endTurn();

        assertThat(offered).isEmpty();
        assertThat(outcomes).containsExactly(Receipt.Outcome.NOT_SENT);
    }

    @Test
    void whatWasOfferedAndIsRefusedLaterMayStillHaveArrived() {
        send().taken().send().endTurn();
        producer.refuses = true;
        lane.release();

        assertThat(outcomes).containsExactly(Receipt.Outcome.UNCONFIRMED);
    }
}
