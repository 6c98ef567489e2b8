package dev.rmb.bench;

import dev.rmb.bench.load.LoadReport;
import dev.rmb.bench.table.Effort;
import dev.rmb.bench.table.Row;
import dev.rmb.bench.table.RowReport;
import dev.rmb.bench.table.Rows;
import dev.rmb.bench.table.TableRun;
import dev.rmb.bench.table.TableText;
import dev.rmb.bench.targets.Target;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures every target of the project. */
@Command(
        name = "table",
        mixinStandardHelpOptions = true,
        description = {
            "Measures the rows of the table of targets in docs/performance.md, each in several rounds",
            "for which everything is started anew, and prints medians beside the targets, with the",
            "lowest and the highest; beside them, where there is such a thing, what a hub in memory",
            "does on the same machine at the same time. Leave the machine alone meanwhile: it takes",
            "some 40 minutes for all rows."
        },
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:every message of all rounds arrived once and in order, whatever the figures are",
            "1:messages were lost, duplicated or reordered, or a session ended",
            "2:the options cannot be used",
            "3:something could not start"
        })
final class TableCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Parameters(
            paramLabel = "ROW",
            arity = "0..*",
            description = "which rows (default: all); --list shows them")
    private List<String> names = List.of();

    @Option(names = "--list", description = "only show the rows and their targets")
    private boolean isList;

    @Option(
            names = "--target",
            paramLabel = "TARGET",
            description = {
                "the relay, where a row does not start separate processes (default: ${DEFAULT-VALUE}):",
                "[NAME=VALUE] [PATH/relay] up [OPTION]"
            })
    private String target = "up";

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "of each row (default: ${DEFAULT-VALUE})")
    private int rounds = 3;

    @Option(
            names = "--warmup",
            paramLabel = "TIME",
            description = "of each round of a load, not measured (default: 20s)")
    private Duration warmup = Duration.ofSeconds(20);

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            description = "of each round of a load, measured (default: 10s)")
    private Duration duration = Duration.ofSeconds(10);

    @Option(names = "--no-limits", description = "do without the hub in memory")
    private boolean isWithoutLimits;

    @Option(names = "--json", paramLabel = "FILE", description = "also write everything here")
    private @Nullable Path json;

    /**
     * The JSON.
     *
     * @param target the relay, as it was named
     */
    private record Report(String target, LoadReport.Machine machine, List<RowReport> rows) {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        var console = new Console(out, spec.commandLine().getErr());
        Effort effort = effort();
        List<Row> rows = rows(effort, console);
        if (isList) {
            rows.forEach(row -> list(out, row));
            out.flush();
            return ExitCode.PERFECT;
        }
        var run = new TableRun(effort, console);
        List<RowReport> reports = new ArrayList<>();
        TableText.head().forEach(out::println);
        out.flush();
        for (Row row : rows) {
            RowReport report = run.run(row);
            reports.add(report);
            TableText.lines(report).forEach(out::println);
            out.flush();
            // After each row, so that what was measured stays if a later one fails.
            Json.write(json, new Report(target, LoadReport.Machine.here(), reports));
        }
        console.machine();
        out.flush();
        return reports.stream().allMatch(RowReport::isPerfect)
                ? ExitCode.PERFECT
                : ExitCode.IMPERFECT;
    }

    private Effort effort() {
        try {
            return new Effort(rounds, warmup, duration, !isWithoutLimits);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private List<Row> rows(Effort effort, Console console) {
        try {
            Target relay = Target.parse(target);
            if (!relay.isStarted()) {
                throw new IllegalArgumentException(
                        "--target: each round starts the relay anew, so not one that runs");
            }
            List<Row> all = Rows.all(relay, effort, console);
            Set<String> known = all.stream().map(Row::name).collect(Collectors.toSet());
            Set<String> unknown = new LinkedHashSet<>(names);
            unknown.removeAll(known);
            if (!unknown.isEmpty()) {
                throw new IllegalArgumentException("no such row: " + unknown + "; see --list");
            }
            return names.isEmpty()
                    ? all
                    : all.stream().filter(row -> names.contains(row.name())).toList();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private static void list(PrintWriter out, Row row) {
        String goals =
                row.goals().stream()
                        .filter(goal -> goal.isBound())
                        .map(goal -> goal.figure() + " " + goal.text())
                        .collect(Collectors.joining("; "));
        out.println(
                "%-12s %s%s"
                        .formatted(row.name(), row.title(), goals.isEmpty() ? "" : ": " + goals));
    }
}
