package dev.rmb.bench.process;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Processor time of a process's threads, read from Linux's {@code /proc}.
 *
 * @param byThread of each thread that lives, by its number, in nanoseconds
 */
public record ThreadTimes(Map<Long, Spent> byThread) {
    private static final Path PROC = Path.of("/proc");

    /** Threads that differ by a number do the same work. */
    private static final String NUMBERS = "[-# ]*\\d+";

    /**
     * One thread.
     *
     * @param name as the system knows it: the first 15 letters
     */
    public record Spent(String name, long nanos) {}

    public ThreadTimes {
        byThread = Map.copyOf(byThread);
    }

    /**
     * Reads those of a process; none if there is no such process, or no {@code /proc}.
     *
     * @param pid of the process
     */
    public static ThreadTimes of(long pid) {
        return of(PROC.resolve(Long.toString(pid)));
    }

    static ThreadTimes of(Path process) {
        Map<Long, Spent> threads = new HashMap<>();
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(process.resolve("task"))) {
            for (Path task : tasks) {
                read(task, threads);
            }
        } catch (IOException e) {
            return new ThreadTimes(Map.of());
        }
        return new ThreadTimes(threads);
    }

    private static void read(Path task, Map<Long, Spent> into) {
        try {
            String name = Files.readString(task.resolve("comm")).strip();
            String times = Files.readString(task.resolve("schedstat"));
            long nanos = Long.parseLong(times.substring(0, times.indexOf(' ')));
            into.put(Long.parseLong(task.getFileName().toString()), new Spent(name, nanos));
        } catch (IOException e) {
            // It has ended meanwhile.
            into.remove(Long.parseLong(task.getFileName().toString()));
        }
    }

    /**
     * What was used up since an earlier moment, by name, numbers left out. Of threads that ended in
     * between it is missing.
     */
    public Map<String, Long> since(ThreadTimes earlier) {
        Map<String, Long> used = new TreeMap<>();
        byThread.forEach((id, thread) -> {
            Spent before = earlier.byThread.get(id);
            long nanos = thread.nanos() - (before == null ? 0 : before.nanos());
            used.merge(thread.name().replaceAll(NUMBERS, ""), nanos, Long::sum);
        });
        return used;
    }
}
