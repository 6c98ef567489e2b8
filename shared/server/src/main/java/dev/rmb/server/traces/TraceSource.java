package dev.rmb.server.traces;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What one part of a pod knows of a message. Thread-safe; may block for a moment. */
public interface TraceSource {
    /**
     * Something that became of it.
     *
     * @param what in a word
     * @param offset {@code null} if it is not in the log
     * @param detail {@code null} if there is no more to say
     */
    record Event(Instant at, String what, @Nullable Long offset, @Nullable String detail) {}

    /**
     * Where it is now.
     *
     * @param state in a word
     * @param why it waits; {@code null} if it does not
     * @param session it was sent to; {@code null} if it is on its way to none
     * @param gateway of that session
     */
    record Place(
            String state,
            @Nullable String why,
            @Nullable String session,
            @Nullable String gateway) {}

    /** What was noted lately; the oldest first. */
    List<Event> events(Question question);

    /**
     * Where the messages at the question's offsets are, by offset; those are left out whose
     * partition this is not the owner of, and those that nothing is heard of in time.
     */
    Map<Long, Place> places(Question question);
}
