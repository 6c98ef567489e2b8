package dev.rmb.router.dispatch;

import java.util.List;

/**
 * What the twin directory says of a destination that is not connected.
 *
 * @param relays of a twin that lives elsewhere, as its record has them; empty otherwise
 */
public record Standing(Kind kind, List<String> relays) {
    public static final Standing UNKNOWN = new Standing(Kind.UNKNOWN, List.of());
    public static final Standing NO_RELAY = new Standing(Kind.NO_RELAY, List.of());
    public static final Standing OURS = new Standing(Kind.OURS, List.of());

    /** Whose it is. */
    public enum Kind {
        /** No such twin. */
        UNKNOWN,
        /** The twin is known, but no relay is set for it. */
        NO_RELAY,
        /** One of the twin's relays is this one. */
        OURS,
        /** All of the twin's relays are others. */
        ELSEWHERE
    }

    public Standing {
        relays = List.copyOf(relays);
        if (relays.isEmpty() == (kind == Kind.ELSEWHERE)) {
            throw new IllegalArgumentException(kind + " with relays " + relays);
        }
    }

    /** All of the twin's relays are others: these. */
    public static Standing elsewhere(List<String> relays) {
        return new Standing(Kind.ELSEWHERE, relays);
    }

    boolean isElsewhere() {
        return kind == Kind.ELSEWHERE;
    }
}
