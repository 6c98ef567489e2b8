package dev.rmb.bench.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rmb.bench.figure.Goal;
import dev.rmb.bench.load.LoadReport;
import dev.rmb.bench.load.Progress;
import dev.rmb.bench.targets.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RowsTest {
    private static final Effort EFFORT = new Effort(3, Duration.ZERO, Duration.ofSeconds(1), true);

    private final List<String> notes = new ArrayList<>();
    private final Progress progress =
            new Progress() {
                @Override
                public void note(String text) {
                    notes.add(text);
                }

                @Override
                public void second(
                        boolean measuring,
                        long elapsedSeconds,
                        double messagesPerSecond,
                        LoadReport.Latency latency) {}
            };

    private static Row.Round round(double rate, double limit, boolean isPerfect) {
        return new Row.Round(
                Map.of("msg/s", rate), Map.of("msg/s", limit), isPerfect, List.of("report"));
    }

    private RowReport run(Goal goal, Row.Round... rounds) throws InterruptedException {
        Iterator<Row.Round> each = List.of(rounds).iterator();
        return new TableRun(EFFORT, progress)
                .run(new Row("row", "a row", List.of(goal, Goal.none("absent")), each::next));
    }

    @Test
    void aRowIsJudgedByItsMedian() throws Exception {
        RowReport report =
                run(
                        Goal.atLeast("msg/s", 200_000, "19,800"),
                        round(100_000, 900_000, true),
                        round(300_000, 800_000, true),
                        round(200_000, 700_000, true));

        assertThat(report.isPerfect()).isTrue();
        assertThat(TableText.lines(report))
                .containsExactly(
                        "| a row | msg/s | ≥ 200,000 | **200,000** (100,000–300,000) | met | 800,000"
                                + " | 19,800 |");
        assertThat(notes).contains("row: round 3 of 3");
    }

    @Test
    void lostMessagesAreInTheTable() throws Exception {
        RowReport report =
                run(
                        Goal.atMost("msg/s", 1, ""),
                        round(3, 1, true),
                        round(3, 1, false),
                        round(3, 1, true));

        assertThat(TableText.lines(report))
                .anySatisfy(line -> assertThat(line).contains("missed"))
                .anySatisfy(line -> assertThat(line).contains("lost, duplicated or reordered"));
    }

    @Test
    void everyRowHasANameOfItsOwn() {
        List<Row> rows = Rows.all(Target.up(), EFFORT, progress);
        assertThat(rows).extracting(Row::name).doesNotHaveDuplicates().contains("closed-32");
        assertThat(rows).allSatisfy(row -> assertThat(row.goals()).isNotEmpty());
        assertThat(TableText.head()).hasSize(2);
    }
}
