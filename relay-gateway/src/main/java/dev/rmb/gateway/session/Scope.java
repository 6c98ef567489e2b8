package dev.rmb.gateway.session;

import org.jspecify.annotations.Nullable;

/**
 * One claim to a partition over one link: the frame in which an owner numbers its deliveries. Two
 * scopes are the same only if they are the same object.
 */
public interface Scope {
    /** Tells the owner what the session's client confirmed: {@link Session#confirmedNumber}. */
    void acknowledge(Session session);

    /** Deliveries do not add up: the owner must start again with everything unacknowledged. */
    void refuse(Session session);

    /** Whether that is this very scope. */
    @SuppressWarnings("ReferenceEquality") // that is what makes two scopes the same
    default boolean is(@Nullable Scope other) {
        return this == other;
    }
}
