package dev.rmb.server.paging;

import dev.rmb.server.admin.ProblemException;
import java.util.function.Function;

/**
 * Which part of a list is asked for.
 *
 * @param limit how many items at most, 1 to {@value #MAX_LIMIT}
 * @param cursor {@code next} of the page before; empty: from the beginning
 */
public record PageRequest(int limit, String cursor) {
    public static final int MAX_LIMIT = 1000;

    /** What {@code limit} is if nobody says otherwise. */
    public static final String DEFAULT_LIMIT = "100";

    private static final int MAX_CURSOR = 8192;

    /**
     * @throws ProblemException (400) if they do not fit
     */
    public static PageRequest of(String limit, String cursor) {
        if (cursor.length() > MAX_CURSOR) {
            throw notACursor();
        }
        return new PageRequest(limit(limit), cursor);
    }

    /**
     * The place that the cursor names.
     *
     * @param beginning what an empty one names
     * @param reader throws {@link RuntimeException} at what is none
     * @throws ProblemException (400) if it names none
     */
    public <T> T place(T beginning, Function<String, T> reader) {
        if (cursor.isEmpty()) {
            return beginning;
        }
        try {
            return reader.apply(cursor);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw notACursor();
        }
    }

    private static ProblemException notACursor() {
        return ProblemException.badRequest(
                "cursor is not what an earlier page gave as its next; leave it out to begin anew");
    }

    private static int limit(String text) {
        if (text.matches("[0-9]{1,4}")) {
            int limit = Integer.parseInt(text);
            if (limit >= 1 && limit <= MAX_LIMIT) {
                return limit;
            }
        }
        throw ProblemException.badRequest("limit must be a whole number from 1 to " + MAX_LIMIT);
    }
}
