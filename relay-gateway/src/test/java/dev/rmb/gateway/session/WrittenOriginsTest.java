package dev.rmb.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rmb.cluster.Origin;
import org.junit.jupiter.api.Test;

final class WrittenOriginsTest {
    private final WrittenOrigins origins = new WrittenOrigins();

    @Test
    void rule23WhatWasGivenOnceIsKnown() {
        assertThat(origins.add(new Origin(7, 3))).isTrue();
        assertThat(origins.add(new Origin(7, 5))).isTrue();
        assertThat(origins.add(new Origin(8, 4))).isTrue();

        assertThat(origins.add(new Origin(7, 3))).isFalse();
        assertThat(origins.add(new Origin(7, 5))).isFalse();
        assertThat(origins.add(new Origin(8, 4))).isFalse();
        assertThat(origins.add(new Origin(7, 6))).isTrue();
    }

    @Test
    void manyWritersAreKnownAtOnce() {
        for (long writer = 1; writer <= WrittenOrigins.MAX_WRITERS; writer++) {
            assertThat(origins.add(new Origin(writer, writer))).isTrue();
        }
        for (long writer = 1; writer <= WrittenOrigins.MAX_WRITERS; writer++) {
            assertThat(origins.add(new Origin(writer, writer))).isFalse();
        }
    }

    @Test
    void beyondTheBoundTheOneThatWasSilentForLongestIsForgotten() {
        for (long writer = 1; writer <= WrittenOrigins.MAX_WRITERS; writer++) {
            origins.add(new Origin(writer, 1));
        }
        origins.add(new Origin(1, 2));
        origins.add(new Origin(1_000, 1));

        assertThat(origins.add(new Origin(1, 2))).isFalse();
        assertThat(origins.add(new Origin(2, 1))).isTrue();
    }
}
