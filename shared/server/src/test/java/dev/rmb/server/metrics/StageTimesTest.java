package dev.rmb.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class StageTimesTest {
    private final MetricRegistry registry = new MetricRegistry();
    private final StageTimes times = StageTimes.of(registry, "accept");

    @Test
    void aTimeFallsIntoTheFirstBucketThatHoldsIt() {
        var random = new SplittableRandom(7);
        for (int i = 0; i < 10_000; i++) {
            times.record(Duration.ofNanos((long) Math.exp(random.nextDouble(5, 28))));
        }

        long count = 0;
        for (int bucket = 0; bucket < times.buckets(); bucket++) {
            assertThat(times.count(bucket)).isPositive();
            count += times.count(bucket);
        }
        assertThat(count).isEqualTo(10_000);
        assertThat(times.upperBound(times.buckets() - 1)).isInfinite();
    }

    @Test
    void aBoundBelongsToItsBucket() {
        times.record(Duration.ofMillis(5));

        for (int bucket = 0; bucket < times.buckets(); bucket++) {
            assertThat(times.count(bucket)).isEqualTo(times.upperBound(bucket) == 0.005 ? 1 : 0);
        }
        assertThat(times.sumSeconds()).isEqualTo(0.005);
    }

    @Test
    void clocksThatDisagreeCountAsNoTimeAtAll() {
        times.record(Duration.ofSeconds(-3));

        assertThat(times.count(0)).isEqualTo(1);
        assertThat(times.sumSeconds()).isZero();
    }

    @Test
    void aStageHasOneHistogramForAllWhoNameIt() {
        assertThat(StageTimes.of(registry, "accept")).isSameAs(times);
        assertThat(StageTimes.of(registry, "deliver")).isNotSameAs(times);
    }

    @Test
    void ofEachMillisecondTheFirstIsMeasured() {
        var sampling = new Sampling();

        assertThat(sampling.picks(1)).isTrue();
        assertThat(sampling.picks(1)).isFalse();
        assertThat(sampling.picks(2)).isTrue();
        assertThat(sampling.picks(1)).isTrue();
    }
}
