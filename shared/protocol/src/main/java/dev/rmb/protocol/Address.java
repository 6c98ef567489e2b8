package dev.rmb.protocol;

import org.jspecify.annotations.Nullable;

/**
 * One end of a message: a twin, and which of its connections.
 *
 * <p>An address without a connection is an address of its own, not a wildcard: {@code 7} never
 * reaches {@code 7:laptop}, and {@code 7:} is a third one.
 *
 * @param twin chain id, 1 to 2^32 - 1; the wire's 0 means "absent" and is no address
 * @param connection the name the client chose; {@code null} when absent, which differs from empty
 */
public record Address(long twin, @Nullable String connection) {
    private static final long MAX_TWIN = 0xFFFF_FFFFL;

    public Address {
        if (twin < 1 || twin > MAX_TWIN) {
            throw new IllegalArgumentException("twin out of range: " + twin);
        }
    }

    /**
     * Reads {@code 7} or {@code 7:name}; everything after the first colon is the connection.
     *
     * @throws IllegalArgumentException if the twin is not a number from 1 to 2^32 - 1
     */
    public static Address parse(String text) {
        int colon = text.indexOf(':');
        String twin = colon < 0 ? text : text.substring(0, colon);
        String connection = colon < 0 ? null : text.substring(colon + 1);
        if (twin.isEmpty()
                || twin.length() > 10
                || !twin.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new IllegalArgumentException("not an address (7 or 7:name): " + text);
        }
        return new Address(Long.parseLong(twin), connection);
    }

    /** The text that {@link #parse} reads. */
    @Override
    public String toString() {
        return connection == null ? Long.toString(twin) : twin + ":" + connection;
    }
}
