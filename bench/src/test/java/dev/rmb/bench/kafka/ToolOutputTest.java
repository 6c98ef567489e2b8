package dev.rmb.bench.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rmb.bench.load.LoadException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ToolOutputTest {
    private static final String SUMMARY =
            "%d records sent, %s records/sec (37.58 MB/sec), 12.34 ms avg latency, 300.00 ms max"
                    + " latency, 5 ms 50th, 10 ms 95th, 20 ms 99th, 25 ms 99.9th.";

    @Test
    void theProducersLastSummaryCounts() {
        List<String> lines =
                List.of(
                        "1000 records sent, 200.0 records/sec (0.08 MB/sec), 1.0 ms avg latency, 2.0 ms"
                                + " max latency.",
                        SUMMARY.formatted(3000, "50000.5"),
                        SUMMARY.formatted(2000, "100000.25"));
        assertThat(ToolOutput.producer(lines))
                .isEqualTo(new KafkaReport.Producer(100_000.25, 12.34, 5, 20));
    }

    @Test
    void theConsumersRateLeavesTheGroupsBeginningAndLogLinesOut() {
        List<String> lines =
                List.of(
                        "start.time, end.time, data.consumed.in.MB, MB.sec, data.consumed.in.nMsg,"
                                + " nMsg.sec, rebalance.time.ms, fetch.time.ms, fetch.MB.sec,"
                                + " fetch.nMsg.sec",
                        "10:00:05.000 WARN [main] joins, with, as, many, commas, as, the, table,"
                                + " has, columns",
                        "2026-01-01 10:00:00:000, 2026-01-01 10:00:05:000, 100.0, 20.0, 250000,"
                                + " 50000.0, 3000, 2000, 50.0, 125000.0");
        assertThat(ToolOutput.consumer(lines)).isEqualTo(125_000);
    }

    @Test
    void whatIsNoSummaryIsShown() {
        assertThatThrownBy(() -> ToolOutput.producer(List.of("no broker")))
                .isInstanceOf(LoadException.class)
                .hasMessageContaining("no broker");
        assertThatThrownBy(() -> ToolOutput.consumer(List.of("no broker")))
                .isInstanceOf(LoadException.class)
                .hasMessageContaining("no broker");
    }
}
