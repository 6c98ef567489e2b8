package dev.rmb.bench.hostile;

import dev.rmb.bench.load.LoadReport;
import dev.rmb.bench.load.LoadRun;
import dev.rmb.bench.load.LoadSettings;
import dev.rmb.bench.load.Progress;
import dev.rmb.bench.twins.DemoTwin;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Measures a pair without and with the attack, in turn. */
public final class HostileRun {
    private final LoadSettings pair;
    private final Set<AttackKind> kinds;
    private final double intensity;
    private final int rounds;
    private final Consumer<String> notes;
    private final InstantSource clock;

    /**
     * A run that is not started yet.
     *
     * @param pair what the pair does, each time
     * @param intensity how many times as often as they say the attacks are made
     * @param notes is told how it goes
     */
    public HostileRun(
            LoadSettings pair,
            Set<AttackKind> kinds,
            double intensity,
            int rounds,
            Consumer<String> notes,
            InstantSource clock) {
        this.pair = pair;
        this.kinds = Set.copyOf(kinds);
        this.intensity = intensity;
        this.rounds = rounds;
        this.notes = notes;
        this.clock = clock;
    }

    /** The twins that the relay has to know: the pair's, and the attacker's. */
    public static List<DemoTwin> twins(long firstTwin) {
        return DemoTwin.several(firstTwin, 3);
    }

    /**
     * Runs it.
     *
     * @throws dev.rmb.bench.load.LoadException if the pair cannot start
     * @throws InterruptedException if the thread was interrupted; nothing is left running
     */
    public HostileReport run() throws InterruptedException {
        List<HostileReport.Round> done = new ArrayList<>();
        notes.accept("a round that warms up and does not count");
        var _ = round();
        for (int i = 0; i < rounds; i++) {
            notes.accept("round " + (i + 1) + " of " + rounds);
            done.add(round());
        }
        return new HostileReport(done);
    }

    private HostileReport.Round round() throws InterruptedException {
        LoadReport without = pair();
        DemoTwin twin = twins(pair.firstTwin()).getLast();
        DemoTwin forger = DemoTwin.of(twin.id() + 1);
        try (var attacker =
                new Attacker(pair.relays().getFirst(), twin, forger, kinds, intensity, clock)) {
            LoadReport with = pair();
            return new HostileReport.Round(without, with, attacker.done());
        }
    }

    private LoadReport pair() throws InterruptedException {
        return new LoadRun(pair, new Quiet(notes), clock).run();
    }

    /** Says nothing but what went wrong. */
    private record Quiet(Consumer<String> notes) implements Progress {
        @Override
        public void note(String text) {}

        @Override
        public void second(
                boolean measuring,
                long elapsedSeconds,
                double messagesPerSecond,
                LoadReport.Latency latency) {}
    }
}
