package dev.rmb.bench.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What lives on a JVM's heap after a full collection, by class.
 *
 * @param bytes of all objects
 * @param classes bytes of each class's objects, the largest first
 */
public record HeapHistogram(long bytes, Map<String, Long> classes) {
    private static final Pattern LINE = Pattern.compile("\\s*\\d+:\\s+\\d+\\s+(\\d+)\\s+(\\S+).*");
    private static final Pattern TOTAL = Pattern.compile("Total\\s+\\d+\\s+(\\d+)\\s*");
    private static final long TIMEOUT_SECONDS = 60;

    /**
     * Has a JVM of the same user collect its garbage and count what is left, by the JDK's {@code
     * jcmd}.
     *
     * @return nothing if that is not possible: no such JVM, or no JDK here
     */
    public static Optional<HeapHistogram> of(long pid) throws InterruptedException {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        try {
            // A file takes all of it, so that the wait for its end can be bounded.
            Path output = Files.createTempFile("heap", ".txt");
            try {
                return jcmd(jcmd, pid, output)
                        ? Optional.of(parse(Files.readAllLines(output)))
                        : Optional.empty();
            } finally {
                Files.delete(output);
            }
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static boolean jcmd(Path jcmd, long pid, Path output)
            throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(jcmd.toString(), Long.toString(pid), "GC.class_histogram")
                        .redirectOutput(output.toFile())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        try {
            return process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
        } finally {
            process.destroyForcibly();
        }
    }

    static HeapHistogram parse(List<String> lines) {
        Map<String, Long> classes = new LinkedHashMap<>();
        long total = 0;
        for (String line : lines) {
            Matcher one = LINE.matcher(line);
            Matcher all = TOTAL.matcher(line);
            if (one.matches()) {
                classes.merge(one.group(2), Long.parseLong(one.group(1)), Long::sum);
            } else if (all.matches()) {
                total = Long.parseLong(all.group(1));
            }
        }
        return new HeapHistogram(total, classes);
    }
}
