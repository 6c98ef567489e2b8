package dev.rmb.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PartitioningTest {
    @Test
    void theKeyIsTheTwinInFourBytesBigEndian() {
        assertThat(Partitioning.key(0x0102_0304L)).containsExactly(1, 2, 3, 4);
        assertThat(Partitioning.key(0xFFFF_FFFFL)).containsExactly(-1, -1, -1, -1);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 255, 65_536, 0x7FFF_FFFFL, 0x8000_0000L, 0xFFFF_FFFFL})
    void theKeyNamesItsTwin(long twin) {
        assertThat(Partitioning.twin(Partitioning.key(twin))).isEqualTo(twin);
    }

    @Test
    void aKeyOfAnotherLengthIsRefused() {
        assertThatThrownBy(() -> Partitioning.twin(new byte[3]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void partitionsAreThoseOfKafkasOwnPartitioner() {
        for (long twin = 1; twin < 10_000; twin += 7) {
            assertThat(Partitioning.partitionOf(twin, 64))
                    .isEqualTo(BuiltInPartitioner.partitionForKey(Partitioning.key(twin), 64));
        }
    }
}
