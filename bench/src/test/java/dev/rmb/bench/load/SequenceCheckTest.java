package dev.rmb.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SequenceCheckTest {
    private final SequenceCheck check = new SequenceCheck();

    private void arrive(long... numbers) {
        LongStream.of(numbers).forEach(check::arrived);
    }

    @Test
    void inOrderAndOnceIsPerfect() {
        arrive(0, 1, 2, 3);
        assertThat(check.received()).isEqualTo(4);
        assertThat(check.lost(4)).isZero();
        assertThat(check.duplicated()).isZero();
        assertThat(check.reordered()).isZero();
    }

    @Test
    void whatNeverArrivesIsLostEvenAtTheEnd() {
        arrive(0, 1, 3);
        assertThat(check.lost(6)).isEqualTo(3);
        assertThat(check.reordered()).isZero();
    }

    @Test
    void whatArrivesLateIsReorderedAndNotLost() {
        arrive(0, 3, 1, 2, 4);
        assertThat(check.lost(5)).isZero();
        assertThat(check.reordered()).isEqualTo(2);
        assertThat(check.duplicated()).isZero();
    }

    @Test
    void whatArrivesAgainIsADuplicateHoweverLate() {
        arrive(0, 1, 1, 5, 3, 3, 0);
        assertThat(check.duplicated()).isEqualTo(3);
        assertThat(check.reordered()).isEqualTo(1);
        assertThat(check.lost(6)).isEqualTo(2);
    }

    static LongStream seeds() {
        return LongStream.range(0, 50);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void anyMixIsCountedRight(long seed) {
        var random = new Random(seed);
        int sent = 1 + random.nextInt(200);
        List<Long> arrivals = new ArrayList<>();
        for (long number = 0; number < sent; number++) {
            int times = random.nextInt(10) < 8 ? 1 : random.nextInt(3);
            arrivals.addAll(Collections.nCopies(times, number));
        }
        for (int swaps = random.nextInt(20); swaps > 0 && arrivals.size() > 1; swaps--) {
            int at = random.nextInt(arrivals.size() - 1);
            Collections.swap(arrivals, at, at + 1);
        }

        Set<Long> distinct = new HashSet<>();
        long duplicated = 0;
        long reordered = 0;
        long highest = -1;
        for (long number : arrivals) {
            check.arrived(number);
            if (!distinct.add(number)) {
                duplicated++;
            } else if (number < highest) {
                reordered++;
            }
            highest = Math.max(highest, number);
        }

        assertThat(check.received()).isEqualTo(distinct.size());
        assertThat(check.lost(sent)).isEqualTo(sent - distinct.size());
        assertThat(check.duplicated()).isEqualTo(duplicated);
        assertThat(check.reordered()).isEqualTo(reordered);
    }
}
