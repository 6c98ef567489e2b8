package dev.rmb.standalone.command;

import dev.rmb.standalone.rehearsal.Rehearsal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

@Command(
        name = "rehearse",
        hidden = true,
        description =
                "Runs a small cluster in this process for some seconds, so that the JVM can record"
                        + " what it needs for it: ./relay makes its start-up cache of that.",
        mixinStandardHelpOptions = true)
final class RehearseCommand implements Runnable {
    /** Several times what it takes on a busy machine: nobody waits for it longer. */
    private static final Duration AT_MOST = Duration.ofMinutes(3);

    private static final int FAILED = 1;

    @Override
    public void run() {
        Thread.ofPlatform().daemon().name("rehearsal-watch").start(RehearseCommand::endInTime);
        try {
            Path directory = Files.createTempDirectory("rmb-rehearsal-");
            try {
                Rehearsal.run(directory);
            } finally {
                delete(directory);
            }
        } catch (IOException | TimeoutException | RuntimeException e) {
            throw new CommandException("the rehearsal failed: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("interrupted", e);
        }
    }

    private static void endInTime() {
        try {
            Thread.sleep(AT_MOST);
            Runtime.getRuntime().halt(FAILED);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).forEach(RehearseCommand::deleteOne);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static void deleteOne(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
