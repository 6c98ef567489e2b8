package dev.rmb.server.access;

import java.util.Arrays;
import java.util.Locale;

/** What the owner of a token may do; each may do what those before it may. */
public enum Role {
    /** Sees. */
    VIEWER,
    /** Steers: sessions, mailboxes, drains, bans, limits. */
    OPERATOR,
    /** Decides who is who: twins, and what is logged. */
    ADMIN;

    /**
     * @throws IllegalArgumentException that lists the roles there are
     */
    public static Role parse(String text) {
        return Arrays.stream(values())
                .filter(role -> role.toString().equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                "there is no such role; roles are viewer, operator and admin"));
    }

    public boolean includes(Role other) {
        return compareTo(other) >= 0;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
