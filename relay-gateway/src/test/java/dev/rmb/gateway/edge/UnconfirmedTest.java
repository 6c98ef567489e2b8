package dev.rmb.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class UnconfirmedTest {
    private final Unconfirmed unconfirmed = new Unconfirmed();

    @Test
    void aCountConfirmsTheMarkOfTheLastDeliveryWithinIt() {
        deliver(10);
        deliver(20);
        unconfirmed.written();
        deliver(30);

        assertThat(unconfirmed.confirmed(1)).isEqualTo(10);
        assertThat(unconfirmed.confirmed(3)).isEqualTo(20);
        assertThat(unconfirmed.confirmed(3)).isEqualTo(Unconfirmed.NOTHING_NEW);
        assertThat(unconfirmed.confirmed(4)).isEqualTo(30);
    }

    @Test
    void anAnswerOfTheRelayNeedsNoConfirmation() {
        unconfirmed.written();

        assertThat(unconfirmed.remark(1)).isFalse();
        assertThat(unconfirmed.confirmed(1)).isEqualTo(Unconfirmed.NOTHING_NEW);
    }

    @Test
    void whatWasNotWrittenCannotBeConfirmed() {
        deliver(1);

        assertThat(unconfirmed.confirmed(2)).isEqualTo(Unconfirmed.IMPOSSIBLE);
        assertThat(unconfirmed.confirmed(-1)).isEqualTo(Unconfirmed.IMPOSSIBLE);
        assertThat(unconfirmed.confirmed(Long.MAX_VALUE)).isEqualTo(Unconfirmed.IMPOSSIBLE);
    }

    @Test
    void aLaterMarkStandsForTheLastDelivery() {
        deliver(1);

        assertThat(unconfirmed.remark(5)).isTrue();
        assertThat(unconfirmed.confirmed(1)).isEqualTo(5);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void itSaysWhatASortedMapSays(long seed) {
        var random = new SplittableRandom(seed);
        TreeMap<Long, Long> expected = new TreeMap<>();
        long written = 0;
        long mark = 0;
        for (int step = 0; step < 5_000; step++) {
            int what = random.nextInt(10);
            if (what < 6) {
                mark += random.nextInt(1, 3);
                deliver(mark);
                expected.put(++written, mark);
            } else if (what < 8) {
                unconfirmed.written();
                written++;
            } else {
                long count = random.nextLong(written + 1);
                var last = expected.floorEntry(count);
                expected.headMap(count, true).clear();
                assertThat(unconfirmed.confirmed(count))
                        .isEqualTo(last == null ? Unconfirmed.NOTHING_NEW : last.getValue());
            }
        }
    }

    static LongStream seeds() {
        return LongStream.range(0, 20);
    }

    private void deliver(long mark) {
        unconfirmed.written();
        unconfirmed.delivered(mark);
    }
}
