package dev.rmb.gateway.offers;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class WorthTest {
    private final Worth worth = new Worth();

    @Test
    void nothingLingersBeforeOffersAreTaken() {
        assertThat(worth.lingers(0)).isFalse();
        assertThat(worth.mayOffer(0)).isTrue();
    }

    @Test
    void recordsLingerWhileOffersAreTaken() {
        worth.seen(Worth.SAMPLE, 0, 10);

        assertThat(worth.lingers(10)).isTrue();
    }

    @Test
    void aFewThatAreLeftChangeNothing() {
        worth.seen(Worth.SAMPLE, 0, 10);
        worth.seen(Worth.SAMPLE, Worth.SAMPLE / 4, 20);

        assertThat(worth.lingers(20)).isTrue();
    }

    @Test
    void manyThatAreLeftEndIt() {
        worth.seen(Worth.SAMPLE, 0, 10);
        worth.seen(Worth.SAMPLE, Worth.SAMPLE, 20);

        assertThat(worth.lingers(20)).isFalse();
        assertThat(worth.mayOffer(20)).isTrue();
    }

    @Test
    void silenceEndsIt() {
        worth.seen(Worth.SAMPLE, 0, 10);

        assertThat(worth.lingers(10 + Worth.SILENT_MS)).isFalse();
    }

    @Test
    void whereNothingIsTakenThereIsAPauseWhichGrows() {
        long nowMs = 0;
        for (int i = 0; i < Worth.USELESS_SAMPLES; i++) {
            worth.seen(0, Worth.SAMPLE, nowMs);
        }
        assertThat(worth.mayOffer(nowMs)).isFalse();
        nowMs += Worth.MIN_PAUSE_MS;
        assertThat(worth.mayOffer(nowMs)).isTrue();

        for (int i = 0; i < Worth.USELESS_SAMPLES; i++) {
            worth.seen(0, Worth.SAMPLE, nowMs);
        }

        assertThat(worth.mayOffer(nowMs + Worth.MIN_PAUSE_MS)).isFalse();
        assertThat(worth.mayOffer(nowMs + 2 * Worth.MIN_PAUSE_MS)).isTrue();
    }
}
