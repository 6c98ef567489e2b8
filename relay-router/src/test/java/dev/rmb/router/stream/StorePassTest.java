package dev.rmb.router.stream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class StorePassTest {
    private static final long ALL = 16L << 20;

    private final StorePass pass = new StorePass();

    @Test
    void whatOnePartitionStoresTheOthersMayNot() {
        assertThat(pass.begin(0)).isEqualTo(ALL);
        pass.stored(ALL - 1);
        assertThat(pass.begin(1)).isEqualTo(1);
        pass.stored(1 << 20);
        assertThat(pass.begin(2)).isZero();
    }

    @Test
    void everyPassBeginsAnew() {
        pass.begin(0);
        pass.stored(ALL - 1);
        assertThat(pass.begin(0)).isEqualTo(ALL);
    }

    @Test
    void whoGotNothingInOnePassIsFirstInTheNext() {
        for (int round = 0; round < 3; round++) {
            assertThat(pass.begin(0)).isEqualTo(ALL);
            pass.stored(ALL);
            assertThat(pass.begin(1)).isZero();

            assertThat(pass.begin(0)).isZero();
            assertThat(pass.begin(1)).isEqualTo(ALL);
            pass.stored(ALL);
        }
    }

    @Test
    void aPartitionThatIsGoneKeepsNobodyWaiting() {
        pass.begin(0);
        pass.stored(ALL);
        pass.begin(1);

        // Partition 1 is not this thread's any more from here on.
        assertThat(pass.begin(0)).isZero();
        assertThat(pass.begin(0)).isEqualTo(ALL);
    }
}
