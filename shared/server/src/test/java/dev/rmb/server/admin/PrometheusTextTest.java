package dev.rmb.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.Histogram;
import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.Timer;
import com.codahale.metrics.UniformReservoir;
import dev.rmb.server.metrics.StageTimes;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class PrometheusTextTest {
    private final MetricRegistry registry = new MetricRegistry();

    @Test
    void countersAndGaugesAreOneSampleEach() {
        registry.counter("relay_message_rx").inc(7);
        registry.meter("rmb_gateway_bytes_total").mark(12);
        registry.registerGauge("rmb_gateway_sessions", () -> 3);
        registry.registerGauge("rmb_ratio", () -> 0.25);
        registry.registerGauge("rmb_up", () -> true);

        assertThat(PrometheusText.of(registry))
                .isEqualTo(
                        """
                        # TYPE relay_message_rx counter
                        relay_message_rx 7
                        # TYPE rmb_gateway_bytes_total counter
                        rmb_gateway_bytes_total 12
                        # TYPE rmb_gateway_sessions gauge
                        rmb_gateway_sessions 3
                        # TYPE rmb_ratio gauge
                        rmb_ratio 0.25
                        # TYPE rmb_up gauge
                        rmb_up 1
                        """);
    }

    @Test
    void whatIsCountedDownToIsNoCounter() {
        registry.counter("rmb_gateway_sessions").inc(2);
        registry.counter("rmb_gateway_sessions").dec();

        assertThat(PrometheusText.of(registry))
                .isEqualTo("# TYPE rmb_gateway_sessions gauge\nrmb_gateway_sessions 1\n");
    }

    @Test
    void theTimesOfAStageAreAHistogram() {
        StageTimes.of(registry, "accept").record(Duration.ofMillis(2));
        StageTimes.of(registry, "accept").record(Duration.ofSeconds(90));

        assertThat(PrometheusText.of(registry))
                .startsWith("# TYPE rmb_stage_seconds histogram\n")
                .contains("rmb_stage_seconds_bucket{stage=\"accept\",le=\"0.001\"} 0\n")
                .contains("rmb_stage_seconds_bucket{stage=\"accept\",le=\"0.0025\"} 1\n")
                .contains("rmb_stage_seconds_bucket{stage=\"accept\",le=\"60\"} 1\n")
                .contains("rmb_stage_seconds_bucket{stage=\"accept\",le=\"+Inf\"} 2\n")
                .contains("rmb_stage_seconds_sum{stage=\"accept\"} 90.002\n")
                .endsWith("rmb_stage_seconds_count{stage=\"accept\"} 2\n");
    }

    @Test
    void theSeriesOfOneNameStandTogetherUnderOneType() {
        registry.counter("a_total{code=\"2\"}").inc(2);
        registry.counter("a_total_b").inc(9);
        registry.counter("a_total{code=\"1\"}").inc(1);

        assertThat(PrometheusText.of(registry))
                .isEqualTo(
                        """
                        # TYPE a_total counter
                        a_total{code="1"} 1
                        a_total{code="2"} 2
                        # TYPE a_total_b counter
                        a_total_b 9
                        """);
    }

    @Test
    void aHistogramIsASummary() {
        var histogram = new Histogram(new UniformReservoir());
        registry.register("batch_size{topic=\"x\"}", histogram);
        histogram.update(5);
        histogram.update(5);

        assertThat(PrometheusText.of(registry))
                .isEqualTo(
                        """
                        # TYPE batch_size summary
                        batch_size{topic="x",quantile="0.5"} 5
                        batch_size{topic="x",quantile="0.9"} 5
                        batch_size{topic="x",quantile="0.99"} 5
                        batch_size{topic="x",quantile="0.999"} 5
                        batch_size_count{topic="x"} 2
                        """);
    }

    @Test
    void aTimerIsASummaryInSeconds() {
        var timer = new Timer(new UniformReservoir());
        registry.register("rmb_stage_seconds", timer);
        timer.update(Duration.ofMillis(1500));

        assertThat(PrometheusText.of(registry))
                .contains("rmb_stage_seconds{quantile=\"0.5\"} 1.5\n")
                .contains("rmb_stage_seconds_count 1\n");
    }

    @Test
    void whatPrometheusCannotReadIsMadeReadableOrLeftOut() {
        registry.registerGauge("jvm.memory.heap-used", () -> 1);
        registry.registerGauge("text", () -> "no number");
        registry.registerGauge("nan", () -> Double.NaN);
        registry.registerGauge("9lives", () -> Double.POSITIVE_INFINITY);
        Gauge<Integer> broken =
                () -> {
                    throw new IllegalStateException("gone");
                };
        registry.registerGauge("broken", broken);

        assertThat(PrometheusText.of(registry))
                .isEqualTo(
                        """
                        # TYPE _9lives gauge
                        _9lives +Inf
                        # TYPE jvm_memory_heap_used gauge
                        jvm_memory_heap_used 1
                        # TYPE nan gauge
                        nan NaN
                        """);
    }
}
