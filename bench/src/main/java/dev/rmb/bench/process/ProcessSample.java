package dev.rmb.bench.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a process had used up at one moment, read from Linux's {@code /proc}.
 *
 * @param cpuMicros processor time of all its threads since its start, in microseconds, counted by
 *     the kernel in steps of 10 ms
 * @param rssBytes memory resident now
 * @param peakRssBytes the most that ever was
 */
public record ProcessSample(long cpuMicros, long rssBytes, long peakRssBytes) {
    private static final Path PROC = Path.of("/proc");

    /** USER_HZ, which every architecture that Java runs on has at 100. */
    private static final long MICROS_PER_TICK = 10_000;

    /** Where the user and system ticks stand, counted after the command's closing bracket. */
    private static final int UTIME = 11;

    private static final int STIME = 12;

    /**
     * Reads a process's sample.
     *
     * @return nothing if there is no such process, or no {@code /proc}
     */
    public static Optional<ProcessSample> of(long pid) {
        return of(PROC.resolve(Long.toString(pid)));
    }

    static Optional<ProcessSample> of(Path process) {
        try {
            String stat = Files.readString(process.resolve("stat"));
            // The command may hold spaces and brackets, so only the last bracket ends it.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            long ticks = Long.parseLong(fields[UTIME]) + Long.parseLong(fields[STIME]);
            String status = Files.readString(process.resolve("status"));
            return Optional.of(
                    new ProcessSample(
                            ticks * MICROS_PER_TICK,
                            kibibytes(status, "VmRSS:") * 1024,
                            kibibytes(status, "VmHWM:") * 1024));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static long kibibytes(String status, String key) {
        return status.lines()
                .filter(line -> line.startsWith(key))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElse(0);
    }
}
