package dev.rmb.router.stream;

import dev.rmb.router.dispatch.Standing;

/** What comes of what a task asked others to do. */
sealed interface TaskEvent {
    /** The claim is in the log. */
    record Claimed(long epoch) implements TaskEvent {}

    /** The claim could not be written. */
    record ClaimFailed() implements TaskEvent {}

    /** Another router has a claim of that epoch. */
    record Superseded(long epoch) implements TaskEvent {}

    record LookedUp(long twin, Standing standing) implements TaskEvent {}

    record LookUpFailed(long twin) implements TaskEvent {}

    /** What came of the answer to a refused request. */
    record Answered(long offset, boolean accepted) implements TaskEvent {}
}
