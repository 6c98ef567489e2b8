package dev.rmb.bench.table;

import dev.rmb.bench.load.Progress;
import java.util.ArrayList;
import java.util.List;

/** Measures rows, one after the other. */
public final class TableRun {
    private final Effort effort;
    private final Progress progress;

    /**
     * A run that is not started yet.
     *
     * @param progress is told how it goes
     */
    public TableRun(Effort effort, Progress progress) {
        this.effort = effort;
        this.progress = progress;
    }

    /**
     * Measures one row.
     *
     * @throws InterruptedException if the thread was interrupted; nothing is left running
     */
    public RowReport run(Row row) throws InterruptedException {
        List<Row.Round> rounds = new ArrayList<>();
        for (int i = 1; i <= effort.rounds(); i++) {
            progress.note("%s: round %d of %d".formatted(row.name(), i, effort.rounds()));
            rounds.add(row.measurement().round());
        }
        return RowReport.of(row, rounds);
    }
}
