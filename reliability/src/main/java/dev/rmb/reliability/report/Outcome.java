package dev.rmb.reliability.report;

import dev.rmb.reliability.proof.Findings;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a scenario ended.
 *
 * @param id of the scenario
 * @param title of the scenario
 * @param seconds that it took, with starting and draining
 * @param findings what became of the messages, if it came that far
 * @param longestPauseMs the longest time in which a receiver got nothing that should have got
 *     something all the time; none if there was no such receiver
 * @param storeShare of the messages that routers wrote to their stores, if known
 * @param failures why it is not as it should be; empty if it is
 * @param notes what else was seen
 */
public record Outcome(
        String id,
        String title,
        long seconds,
        @Nullable Findings findings,
        @Nullable Long longestPauseMs,
        @Nullable Double storeShare,
        List<String> failures,
        List<String> notes) {
    public Outcome {
        failures = List.copyOf(failures);
        notes = List.copyOf(notes);
    }

    /** Whether everything that must hold did. */
    public boolean isGood() {
        return failures.isEmpty();
    }
}
