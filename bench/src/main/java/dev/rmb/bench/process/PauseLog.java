package dev.rmb.bench.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The pauses of another JVM from now on: it is told, through the JDK's {@code jcmd}, to log them to
 * a file, until this is closed.
 */
public final class PauseLog implements AutoCloseable {
    private static final long TIMEOUT_SECONDS = 20;
    private static final Path JCMD = Path.of(System.getProperty("java.home"), "bin", "jcmd");

    private final long pid;
    private final Path file;
    private int passed;

    private PauseLog(long pid, Path file) {
        this.pid = pid;
        this.file = file;
    }

    /**
     * Starts one.
     *
     * @return nothing if the process is no JVM that this one may attach to
     */
    public static Optional<PauseLog> of(long pid) throws InterruptedException {
        try {
            Path file = Files.createTempFile("pauses", ".log");
            var log = new PauseLog(pid, file);
            if (log.tell("what=gc=info")) {
                return Optional.of(log);
            }
            Files.deleteIfExists(file);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private boolean tell(String what) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(
                                JCMD.toString(),
                                "-J-XX:TieredStopAtLevel=1",
                                "-J-Xmx32m",
                                Long.toString(pid),
                                "VM.log",
                                "output=file=" + file,
                                what)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        try {
            return process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
        } finally {
            process.destroyForcibly();
        }
    }

    /** Those since the last call. */
    public Pauses next() {
        try {
            List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
            Pauses pauses = Pauses.in(lines.subList(Math.min(passed, lines.size()), lines.size()));
            passed = lines.size();
            return pauses;
        } catch (IOException e) {
            // Whoever deleted it does not want to know.
            return new Pauses(0, 0, 0);
        }
    }

    @Override
    public void close() {
        try {
            var _ = tell("what=all=off");
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // A file in the system's temporary directory.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
