package dev.rmb.bench.compare;

import dev.rmb.bench.figure.Figures;
import dev.rmb.bench.figure.LoadFigures;
import dev.rmb.bench.load.LoadReport;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Runs two targets in turn, each of them first every other time. */
public final class CompareRun {
    private final Side a;
    private final Side b;
    private final int rounds;
    private final Consumer<String> notes;

    /**
     * A target with its load.
     *
     * @param name as it is shown
     * @param run starts it, loads it and stops it
     */
    public record Side(String name, Run run) {}

    /** A run of one target. */
    @FunctionalInterface
    public interface Run {
        /**
         * Runs it.
         *
         * @throws InterruptedException if the thread was interrupted; nothing is left running
         */
        LoadReport run() throws InterruptedException;
    }

    /**
     * A run that is not started yet.
     *
     * @param notes is told how it goes
     */
    public CompareRun(Side a, Side b, int rounds, Consumer<String> notes) {
        if (rounds < 1) {
            throw new IllegalArgumentException("--rounds: at least 1");
        }
        this.a = a;
        this.b = b;
        this.rounds = rounds;
        this.notes = notes;
    }

    /**
     * Runs it.
     *
     * @throws InterruptedException if the thread was interrupted; nothing is left running
     */
    public CompareReport run() throws InterruptedException {
        List<CompareReport.Round> done = new ArrayList<>();
        var ofA = new Figures();
        var ofB = new Figures();
        for (int i = 0; i < rounds; i++) {
            // What grows worse or better with time must not meet the same one always.
            boolean isAFirst = i % 2 == 0;
            LoadReport first = run(isAFirst ? a : b, i);
            LoadReport second = run(isAFirst ? b : a, i);
            LoadReport reportA = isAFirst ? first : second;
            LoadReport reportB = isAFirst ? second : first;
            done.add(new CompareReport.Round(reportA, reportB));
            ofA.add(LoadFigures.of(reportA));
            ofB.add(LoadFigures.of(reportB));
        }
        return CompareReport.of(a.name(), b.name(), done, ofA, ofB);
    }

    private LoadReport run(Side side, int round) throws InterruptedException {
        notes.accept("round %d of %d: %s".formatted(round + 1, rounds, side.name()));
        return side.run().run();
    }
}
