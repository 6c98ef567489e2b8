package dev.rmb.gateway.federation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class RefreshesTest {
    @Test
    void aTwinIsLookedUpAnewOnceInAMoment() {
        var refreshes = new Refreshes();

        assertThat(refreshes.begin(7, -5)).isTrue();
        assertThat(refreshes.begin(7, 0)).isFalse();
        assertThat(refreshes.begin(8, 0)).isTrue();
        assertThat(refreshes.begin(7, Refreshes.MOMENT_MS - 6)).isFalse();
        assertThat(refreshes.begin(7, Refreshes.MOMENT_MS - 5)).isTrue();
    }

    @Test
    void onlyTheLastAreRemembered() {
        var refreshes = new Refreshes();
        assertThat(refreshes.begin(1, 0)).isTrue();
        for (int twin = 2; twin < 10_000; twin++) {
            assertThat(refreshes.begin(twin, 0)).isTrue();
        }

        assertThat(refreshes.begin(1, 0)).isTrue();
        assertThat(refreshes.begin(9_999, 0)).isFalse();
    }
}
