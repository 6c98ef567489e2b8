package dev.rmb.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rmb.bench.load.LoadReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CompareRunTest {
    private final List<String> order = new ArrayList<>();

    private LoadReport run(String name, double rate, long lost) {
        order.add(name);
        return new LoadReport(
                new LoadReport.Settings(List.of(), 1, 1, 1, null, 256, false, 394, 0, 1),
                LoadReport.Machine.here(),
                1,
                (long) rate,
                rate,
                1,
                new LoadReport.Latency(1, 1000, 1, 2000, 1, 1),
                new LoadReport.Latency(0, 0, 0, 0, 0, 0),
                new LoadReport.Delivery(1, 1, lost, 0, 0, 0, Map.of()),
                List.of(),
                null,
                null);
    }

    @Test
    void bothTakeTurnsInBeingFirst() throws Exception {
        var run =
                new CompareRun(
                        new CompareRun.Side("a", () -> run("a", 300, 0)),
                        new CompareRun.Side("b", () -> run("b", 100, 0)),
                        3,
                        note -> {});

        CompareReport report = run.run();

        assertThat(order).containsExactly("a", "b", "b", "a", "a", "b");
        assertThat(report.isPerfect()).isTrue();
        assertThat(report.ratios())
                .extracting(CompareReport.Ratio::figure)
                .containsExactly("msg/s", "p50 ms", "p99 ms");
        assertThat(report.ratios().getFirst().ratio().median()).isEqualTo(3);
    }

    @Test
    void aRunThatLosesIsNotPerfect() throws Exception {
        var run =
                new CompareRun(
                        new CompareRun.Side("a", () -> run("a", 300, 0)),
                        new CompareRun.Side("b", () -> run("b", 100, 1)),
                        1,
                        note -> {});
        assertThat(run.run().isPerfect()).isFalse();
    }
}
