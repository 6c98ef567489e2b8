package dev.rmb.gateway.offers;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class WorthTest {
    private final Worth worth = new Worth();
    private long nowMs;

    /** Reports every 20 ms, for so long. */
    private WorthTest seen(int taken, int left, long ms) {
        for (long end = nowMs + ms; nowMs < end; nowMs += 20) {
            worth.seen(taken, left, nowMs);
        }
        return this;
    }

    @Test
    void nothingLingersBeforeOffersAreTaken() {
        assertThat(worth.lingers(0)).isFalse();
        assertThat(worth.mayOffer(0)).isTrue();
    }

    @Test
    void recordsLingerWhileOffersAreTaken() {
        seen(5, 0, 200);

        assertThat(worth.lingers(nowMs)).isTrue();
    }

    @Test
    void oneNowAndThenIsEnough() {
        for (int i = 0; i < 5; i++) {
            nowMs += 300;
            worth.seen(1, 0, nowMs);
        }

        assertThat(worth.lingers(nowMs)).isTrue();
    }

    @Test
    void aFewThatAreLeftChangeNothing() {
        seen(5, 0, 200).seen(8, 2, 1_000);

        assertThat(worth.lingers(nowMs)).isTrue();
    }

    @Test
    void manyThatAreLeftEndIt() {
        seen(5, 0, 200).seen(5, 5, 240);

        assertThat(worth.lingers(nowMs)).isFalse();
        assertThat(worth.mayOffer(nowMs)).isTrue();
    }

    @Test
    void silenceEndsIt() {
        seen(5, 0, 200);

        assertThat(worth.lingers(nowMs + Worth.SILENT_MS)).isFalse();
    }

    @Test
    void whereNothingIsTakenThereIsAPauseWhichGrows() {
        long first = pause();
        long second = pause();

        assertThat(first).isBetween(Worth.MIN_PAUSE_MS - 20, Worth.MIN_PAUSE_MS);
        assertThat(second).isBetween(2 * Worth.MIN_PAUSE_MS - 20, 2 * Worth.MIN_PAUSE_MS);
    }

    /** Where lingering itself makes offers bad, it would swing for ever. */
    @Test
    void itDoesNotSwing() {
        int switches = 0;
        boolean before = false;
        for (; nowMs < 120_000; nowMs += 20) {
            worth.seen(worth.lingers(nowMs) ? 1 : 10, 5 * (worth.lingers(nowMs) ? 1 : 0), nowMs);
            switches += worth.lingers(nowMs) == before ? 0 : 1;
            before = worth.lingers(nowMs);
        }

        assertThat(switches).isLessThan(40);
    }

    private long pause() {
        while (worth.mayOffer(nowMs)) {
            worth.seen(0, 10, nowMs);
            nowMs += 20;
        }
        long began = nowMs;
        while (!worth.mayOffer(nowMs)) {
            nowMs++;
        }
        return nowMs - began;
    }
}
