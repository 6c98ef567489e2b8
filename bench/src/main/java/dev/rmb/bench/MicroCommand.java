package dev.rmb.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import org.openjdk.jmh.Main;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** Runs JMH with the figures that count here, and sums them up. */
@Command(
        name = "micro",
        description = {
            "Runs microbenchmarks of the protocol library, and of the primitives below it alone.",
            "At the end it prints, for each operation, medians of the time it took and of the time it",
            "was on a processor, which other work on the machine lengthens less, and the bytes that it",
            "allocated."
        },
        footerHeading = "%nEverything else goes to JMH:%n",
        footer = {
            "  bench micro --quick              all of them, in some five minutes",
            "  bench micro --quick HeaderScan   those with that in their names",
            "  bench micro -f 5 Token           five processes, each with its own warm-up",
            "  bench micro -rf json -rff FILE   with every single figure in a file",
            "  bench micro -l                   lists them",
            "  bench micro -h                   all of JMH's options"
        })
final class MicroCommand implements Callable<Integer> {
    private static final String GC_PROFILER = "gc";
    private static final int FAILED = 1;

    private static final int QUICK_FORKS = 1;
    private static final int QUICK_WARMUPS = 3;
    private static final int QUICK_MEASUREMENTS = 5;
    private static final TimeValue QUICK_TIME = TimeValue.milliseconds(500);

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(names = "--help", usageHelp = true, description = "shows this")
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private boolean help;

    @Option(
            names = "--quick",
            description = {
                "one process and half a second for each figure, unless JMH's options say otherwise:",
                "good for orders of size and ratios"
            })
    private boolean quick;

    @Unmatched private String[] arguments = {};

    @Override
    public Integer call() throws IOException {
        CommandLineOptions given;
        try {
            given = new CommandLineOptions(arguments);
        } catch (CommandLineOptionException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
        if (onlyTells(given)) {
            Main.main(arguments);
            return 0;
        }
        PrintWriter out = spec.commandLine().getOut();
        try {
            Collection<RunResult> results = new Runner(options(given)).run();
            MicroSummary.print(out, List.copyOf(results));
            return 0;
        } catch (RunnerException e) {
            spec.commandLine().getErr().println(e.getMessage());
            return FAILED;
        }
    }

    private static boolean onlyTells(CommandLineOptions given) {
        return given.shouldHelp()
                || given.shouldList()
                || given.shouldListWithParams()
                || given.shouldListProfilers()
                || given.shouldListResultFormats();
    }

    private org.openjdk.jmh.runner.options.Options options(CommandLineOptions given) {
        ChainedOptionsBuilder options =
                new OptionsBuilder().parent(given).addProfiler(CpuTimeProfiler.class);
        if (given.getProfilers().stream().noneMatch(p -> p.getKlass().equals(GC_PROFILER))) {
            options.addProfiler(GCProfiler.class);
        }
        if (quick) {
            options.forks(given.getForkCount().orElse(QUICK_FORKS))
                    .warmupIterations(given.getWarmupIterations().orElse(QUICK_WARMUPS))
                    .warmupTime(given.getWarmupTime().orElse(QUICK_TIME))
                    .measurementIterations(
                            given.getMeasurementIterations().orElse(QUICK_MEASUREMENTS))
                    .measurementTime(given.getMeasurementTime().orElse(QUICK_TIME));
        }
        return options.build();
    }
}
