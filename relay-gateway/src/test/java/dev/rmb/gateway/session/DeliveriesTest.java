package dev.rmb.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rmb.gateway.session.Deliveries.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class DeliveriesTest {
    private final Deliveries deliveries = new Deliveries();

    @Test
    void rule10NumbersCountFromOneAndAGapIsRefused() {
        deliveries.begin();
        assertThat(deliveries.take(2, 10, null)).isEqualTo(Verdict.GAP);
        assertThat(deliveries.take(1, 10, null)).isEqualTo(Verdict.WRITE);
        assertThat(deliveries.take(1, 11, null)).isEqualTo(Verdict.GAP);
        assertThat(deliveries.take(3, 11, null)).isEqualTo(Verdict.GAP);
        assertThat(deliveries.take(2, 11, null)).isEqualTo(Verdict.WRITE);
    }

    @Test
    void rule13WhatTheClientHasIsNotWrittenAgainButTakesItsNumber() {
        deliveries.begin();
        deliveries.take(1, 10, null);
        deliveries.take(2, 20, null);

        deliveries.begin();
        assertThat(deliveries.take(1, 10, null)).isEqualTo(Verdict.REPEATED);
        assertThat(deliveries.take(2, 20, null)).isEqualTo(Verdict.REPEATED);
        assertThat(deliveries.take(3, 21, null)).isEqualTo(Verdict.WRITE);
        assertThat(deliveries.unprobed()).isEqualTo(5);
    }

    @Test
    void rule14OnlyTheAnswerToALaterProbeConfirms() {
        deliveries.begin();
        deliveries.take(1, 10, null);
        long first = deliveries.probe();
        deliveries.take(2, 20, null);

        assertThat(deliveries.confirm(first)).isEqualTo(1);
        assertThat(deliveries.confirm(first + 1)).isZero();
        assertThat(deliveries.confirm(deliveries.probe())).isEqualTo(2);
    }

    @Test
    void rule14AFilteredDeliveryIsConfirmedByALaterProbeOnly() {
        deliveries.begin();
        deliveries.take(1, 10, null);
        long before = deliveries.probe();
        deliveries.begin();
        deliveries.take(1, 10, null);

        assertThat(deliveries.confirm(before)).isZero();
        assertThat(deliveries.confirm(deliveries.probe())).isEqualTo(1);
    }

    @Test
    void anAnswerThatComesTwiceOrLateConfirmsNothing() {
        deliveries.begin();
        deliveries.take(1, 10, null);
        long first = deliveries.probe();
        deliveries.take(2, 11, null);
        long second = deliveries.probe();

        assertThat(deliveries.confirm(second)).isEqualTo(2);
        assertThat(deliveries.confirm(second)).isZero();
        assertThat(deliveries.confirm(first)).isZero();
        assertThat(deliveries.allConfirmed()).isTrue();
    }

    @Test
    void aProbeOfAnEarlierScopeConfirmsNothingInTheNewOne() {
        deliveries.begin();
        LongStream.rangeClosed(1, 5).forEach(n -> deliveries.take(n, n, null));
        long probe = deliveries.probe();
        deliveries.begin();
        deliveries.take(1, 3, null);

        assertThat(deliveries.confirm(probe)).isZero();
        assertThat(deliveries.confirmedNumber()).isZero();
    }

    /** Owners crash and start again with what is unconfirmed; the client must see each once. */
    @ParameterizedTest
    @MethodSource("seeds")
    void whateverTheOwnersRepeatTheClientSeesEachOnceInOrderAndConfirmsAll(long seed) {
        var random = new SplittableRandom(seed);
        List<Long> log = new ArrayList<>();
        long offset = 0;
        for (int i = 0; i < 200; i++) {
            offset += random.nextLong(1, 5);
            log.add(offset);
        }
        List<Long> written = new ArrayList<>();
        int confirmedOfLog = 0;
        while (confirmedOfLog < log.size()) {
            deliveries.begin();
            int start = confirmedOfLog;
            int crashAfter = random.nextInt(1, 60);
            for (int n = 1; n <= crashAfter && start + n <= log.size(); n++) {
                long next = log.get(start + n - 1);
                if (deliveries.take(n, next, null) == Verdict.WRITE) {
                    written.add(next);
                }
                if (random.nextInt(4) == 0) {
                    long number = deliveries.confirm(deliveries.probe());
                    confirmedOfLog = Math.max(confirmedOfLog, start + (int) number);
                }
            }
        }

        assertThat(written).isEqualTo(log);
    }

    static LongStream seeds() {
        return LongStream.range(0, 50);
    }
}
