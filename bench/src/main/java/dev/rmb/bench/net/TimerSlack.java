package dev.rmb.bench.net;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Linux wakes a thread up to 50 µs after its timer, to save energy. That is as long as a message
 * takes through a hub, so that the threads that send by the clock ask for less.
 */
public final class TimerSlack {
    private static final Path SELF = Path.of("/proc/thread-self");

    private TimerSlack() {}

    /** Has this thread woken on time, where the system can do that. */
    public static void minimize() {
        try {
            Path thread = Files.readSymbolicLink(SELF).getFileName();
            Files.writeString(Path.of("/proc", thread.toString(), "timerslack_ns"), "1");
        } catch (IOException | UnsupportedOperationException e) {
            // Not Linux, or not allowed: the generator's lateness is in the report anyway.
        }
    }
}
