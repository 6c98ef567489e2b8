package dev.rmb.bench;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.openjdk.jmh.Main;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** Hands everything to JMH. */
@Command(
        name = "micro",
        description = {
            "Runs microbenchmarks of the libraries. Everything after it goes to JMH, for example",
            "'bench micro -l' to list them, or 'bench micro HeaderScan -prof gc'."
        })
final class MicroCommand implements Callable<Integer> {
    @Unmatched private String[] arguments = {};

    @Override
    public Integer call() throws IOException {
        Main.main(arguments);
        return 0;
    }
}
