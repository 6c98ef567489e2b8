package dev.rmb.bench.idle;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What idle sessions cost.
 *
 * @param sessions that were open when the memory was looked at
 * @param ended sessions that ended before they should
 * @param connectSeconds how long it took to open them all
 * @param cost of each; {@code null} if the gateway's memory could not be looked at
 */
public record IdleReport(int sessions, int ended, double connectSeconds, @Nullable Cost cost) {

    /**
     * Memory of the gateway.
     *
     * @param heapBytesBefore what lived on its heap without these sessions
     * @param rssBytesBefore its resident memory without them
     * @param heapBytesPerSession what the heap grew by, after collections, for each session
     * @param rssBytesPerSession what the resident memory grew by, for each session
     * @param classes bytes by which each class's objects grew, for each session, the most first
     */
    public record Cost(
            long heapBytesBefore,
            long rssBytesBefore,
            double heapBytesPerSession,
            double rssBytesPerSession,
            Map<String, Double> classes) {}
}
