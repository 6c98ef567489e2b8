package dev.rmb.gateway.offers;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class LoadSwitchTest {
    private static final int BOUND = 100;

    private final LoadSwitch load = new LoadSwitch(BOUND, 0);
    private long nowMs;
    private int switches;

    /** Turns of so many envelopes, one each millisecond. */
    private LoadSwitchTest turns(int envelopes, long ms) {
        for (long i = 0; i < ms; i++) {
            nowMs++;
            switches += load.turn(envelopes, nowMs) ? 1 : 0;
        }
        return this;
    }

    @Test
    void smallTurnsLeaveItOn() {
        turns(BOUND - 1, 10_000);

        assertThat(load.isOn()).isTrue();
        assertThat(switches).isZero();
    }

    @Test
    void oneWindowOfLargeTurnsIsABurst() {
        turns(1, 1_000).turns(BOUND, LoadSwitch.WINDOW_MS).turns(1, 1_000);

        assertThat(switches).isZero();
    }

    @Test
    void largeTurnsTurnItOffAndSmallOnesOnAgainAfterAWhile() {
        turns(BOUND, 3 * LoadSwitch.WINDOW_MS);
        assertThat(load.isOn()).isFalse();

        turns(1, LoadSwitch.MIN_CALM_MS / 2);
        assertThat(load.isOn()).isFalse();
        turns(1, LoadSwitch.MIN_CALM_MS);

        assertThat(load.isOn()).isTrue();
        assertThat(switches).isEqualTo(2);
    }

    @Test
    void betweenTheBoundsItStaysAsItIs() {
        turns(BOUND / 2, 5_000);
        assertThat(load.isOn()).isTrue();

        turns(BOUND, 3 * LoadSwitch.WINDOW_MS).turns(BOUND / 2, 5_000);

        assertThat(load.isOn()).isFalse();
    }

    @Test
    void silenceIsCalm() {
        turns(BOUND, 3 * LoadSwitch.WINDOW_MS);

        nowMs += LoadSwitch.MAX_CALM_MS;
        turns(BOUND, 1);

        assertThat(load.isOn()).isTrue();
    }

    /** Where being off makes turns small, and being on large, it would swing for ever. */
    @Test
    void itDoesNotSwing() {
        for (int ms = 0; ms < 120_000; ms++) {
            turns(load.isOn() ? 2 * BOUND : 1, 1);
        }

        assertThat(switches).isLessThan(30);
    }
}
