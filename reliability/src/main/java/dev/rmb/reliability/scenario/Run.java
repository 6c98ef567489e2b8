package dev.rmb.reliability.scenario;

import dev.rmb.bench.twins.DemoTwin;
import dev.rmb.reliability.cluster.Cluster;
import dev.rmb.reliability.cluster.Node;
import dev.rmb.reliability.cluster.RouterCounters;
import dev.rmb.reliability.cluster.Shape;
import dev.rmb.reliability.load.Crowd;
import dev.rmb.reliability.load.Doors;
import dev.rmb.reliability.load.Receiver;
import dev.rmb.reliability.process.Workplace;
import dev.rmb.reliability.proof.Findings;
import dev.rmb.reliability.proof.Proof;
import dev.rmb.reliability.report.Outcome;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Runs a scenario on a cluster of its own and judges what came of it. */
public final class Run {
    /** These say that a message may not have been accepted, and are no refusal. */
    private static final Set<String> UNDECIDED =
            Set.of("not confirmed, may still arrive", "relay busy, try again");

    private static final int LOG_LINES_SHOWN = 3;
    private static final int LETTERS_SHOWN = 160;

    private final Scenario scenario;
    private final Parameters parameters;
    private final Progress progress;

    /** For one use. */
    public Run(Scenario scenario, Parameters parameters, Progress progress) {
        this.scenario = scenario;
        this.parameters = parameters;
        this.progress = progress;
    }

    /** Runs it. What processes wrote is deleted afterwards, unless something is wrong. */
    public Outcome run() throws InterruptedException {
        long start = System.nanoTime();
        Workplace workplace = Workplace.create();
        progress.note(
                "scenario %s, %s (in %s)"
                        .formatted(scenario.id(), scenario.title(), workplace.directory()));
        Outcome outcome;
        try {
            outcome = play(workplace, start);
        } catch (RuntimeException e) {
            outcome =
                    new Outcome(
                            scenario.id(),
                            scenario.title(),
                            secondsSince(start),
                            null,
                            null,
                            null,
                            List.of(e.toString()),
                            List.of());
        }
        outcome.failures().forEach(failure -> progress.note("FAILED: " + failure));
        if (outcome.isGood() || parameters.ignoreWatermark()) {
            workplace.delete();
        } else {
            progress.note("what the processes wrote is in " + workplace.directory());
        }
        return outcome;
    }

    private static long secondsSince(long start) {
        return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
    }

    private Outcome play(Workplace workplace, long start) throws InterruptedException {
        Scenario.Cast cast = scenario.cast();
        List<DemoTwin> twins =
                DemoTwin.several(DemoTwin.FIRST_ID, cast.senders() + cast.receivers());
        Shape shape = scenario.shape();
        if (parameters.ignoreWatermark()) {
            shape = shape.withRouterSetting("delivery: {unsafeIgnoreWatermark: true}");
        }
        shape = shape.withOffers(parameters.offers());
        try (Cluster cluster = Cluster.start(shape, workplace.directory(), twins);
                var crowd = new Crowd(new Proof(), parameters.seed());
                var counters = new RouterCounters(() -> List.copyOf(cluster.routers()))) {
            Doors doors = doors(cluster);
            List<Receiver> receivers = new ArrayList<>();
            for (DemoTwin twin : twins.subList(cast.senders(), twins.size())) {
                receivers.add(crowd.receiver(twin, null, doors));
            }
            for (DemoTwin twin : twins.subList(0, cast.senders())) {
                var _ = crowd.sender(twin, doors, receivers);
            }
            var stage = new Stage(cluster, counters, crowd, doors, parameters, progress);
            scenario.run(stage);
            stage.drain();
            return judge(stage, start);
        }
    }

    /** The ways into a cluster. */
    static Doors doors(Cluster cluster) {
        List<Supplier<@Nullable URI>> doors = new ArrayList<>();
        for (Node gateway : cluster.gateways()) {
            doors.add(() -> gateway.process().isReady() ? gateway.clients() : null);
        }
        return new Doors(doors);
    }

    private Outcome judge(Stage stage, long start) {
        Findings found = stage.crowd().findings();
        List<String> failures = new ArrayList<>(stage.failures());
        if (found.confirmed() == 0) {
            failures.add("nothing was confirmed");
        }
        addIfAny(failures, found.lost(), "lost");
        addIfAny(failures, found.reordered(), "reordered");
        List<String> notes = new ArrayList<>(stage.notes());
        addIfAny(
                found.repeatedInSession() > stage.mayRepeat() ? failures : notes,
                found.repeatedInSession(),
                "repeated in one session");
        addIfAny(failures, found.foreign(), "not as they were sent");
        // A thread of a router that fails or is fenced is a crash that the harness did not cause.
        addIfAny(
                hasUnknownCrashes(stage) ? notes : failures,
                found.repeatedWithoutExcuse(),
                "repeated though confirmed in time");
        if (parameters.offers()) {
            long beside = stage.besideTheLog();
            notes.add("delivered beside the log: %d of %d".formatted(beside, found.received()));
            if (beside == 0 && scenario.hasReceivers()) {
                failures.add("nothing was delivered beside the log");
            }
        }
        if (found.forgottenMs() > 0) {
            notes.add(
                    "of what receivers had confirmed, at most the last %d ms before a crash came again"
                            .formatted(found.forgottenMs()));
        }
        for (Map.Entry<String, Long> answer : stage.crowd().answers().entrySet()) {
            String text = answer.getValue() + " × \"" + answer.getKey() + "\"";
            if (UNDECIDED.contains(answer.getKey())) {
                notes.add("answered: " + text);
            } else {
                failures.add("refused: " + text);
            }
        }
        stage.cluster().nodes().forEach(node -> addErrors(node, notes));
        Duration pause = stage.longestPause();
        return new Outcome(
                scenario.id(),
                scenario.title(),
                secondsSince(start),
                found,
                pause == null ? null : pause.toMillis(),
                stage.storeShare(),
                failures,
                notes);
    }

    private static boolean hasUnknownCrashes(Stage stage) {
        return stage.cluster().routers().stream()
                .anyMatch(router ->
                        router.logHas("A stream thread failed")
                                || router.logHas("the thread is being fenced"));
    }

    private static void addIfAny(List<String> failures, long count, String what) {
        if (count > 0) {
            failures.add(count + " messages " + what);
        }
    }

    /** What a process itself called an error does not fail the run, but somebody should look. */
    private static void addErrors(Node node, List<String> notes) {
        try (var lines = Files.lines(node.log())) {
            List<String> errors =
                    lines.filter(line -> line.contains(" ERROR ") || line.contains("OutOfMemory"))
                            .toList();
            if (!errors.isEmpty()) {
                notes.add(
                        node.name()
                                + " logged "
                                + errors.size()
                                + " errors: "
                                + errors.stream()
                                        .limit(LOG_LINES_SHOWN)
                                        .map(Run::shortened)
                                        .collect(Collectors.joining(" | ")));
            }
        } catch (IOException e) {
            notes.add(node.name() + " has no log: " + e.getMessage());
        }
    }

    private static String shortened(String line) {
        // The time tells nobody anything.
        String text = line.substring(Math.max(0, line.indexOf(" ERROR ")));
        return text.length() <= LETTERS_SHOWN ? text : text.substring(0, LETTERS_SHOWN) + " …";
    }
}
