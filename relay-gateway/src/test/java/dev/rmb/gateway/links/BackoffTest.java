package dev.rmb.gateway.links;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class BackoffTest {
    @Test
    void pausesDoubleUpToTheLimitAndVaryByHalf() {
        var backoff = new Backoff(50, 400, new SplittableRandom(7));
        for (long most : new long[] {50, 100, 200, 400, 400, 400}) {
            assertThat(backoff.nextMs()).isBetween(most / 2, most);
        }
        backoff.reset();
        assertThat(backoff.nextMs()).isBetween(25L, 50L);
    }
}
