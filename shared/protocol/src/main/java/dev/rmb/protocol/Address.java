package dev.rmb.protocol;

import org.jspecify.annotations.Nullable;

/**
 * One end of a message: a twin, and which of its connections.
 *
 * <p>An address without a connection is an address of its own, not a wildcard: {@code 7} never
 * reaches {@code 7:laptop}.
 *
 * @param twin chain id, 1 to 2^32 - 1; the wire's 0 means "absent" and is no address
 * @param connection the name the client chose; {@code null} when absent, which differs from empty
 */
public record Address(long twin, @Nullable String connection) implements Comparable<Address> {
    private static final long MAX_TWIN = 0xFFFF_FFFFL;
    private static final int MAX_TWIN_DIGITS = 10;

    /**
     * Refuses what is no twin id, and a name that cannot be written in UTF-8.
     *
     * @param twin chain id, 1 to 2^32 - 1
     * @param connection the connection's name, or {@code null}
     * @throws IllegalArgumentException if {@code twin} is not 1 to 2^32 - 1, or {@code connection}
     *     has half a surrogate pair
     */
    public Address {
        if (twin < 1 || twin > MAX_TWIN) {
            throw new IllegalArgumentException("twin out of range: " + twin);
        }
        if (connection != null && !isUnicode(connection)) {
            throw new IllegalArgumentException("a connection's name is not Unicode text");
        }
    }

    /** On the wire half a character would become '?', and this another address. */
    private static boolean isUnicode(String text) {
        boolean awaitsLow = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (awaitsLow != Character.isLowSurrogate(c)) {
                return false;
            }
            awaitsLow = Character.isHighSurrogate(c);
        }
        return !awaitsLow;
    }

    /**
     * The address of a twin's unnamed connection.
     *
     * @param twin chain id, 1 to 2^32 - 1
     * @return the address
     * @throws IllegalArgumentException if {@code twin} is out of range
     */
    public static Address of(long twin) {
        return new Address(twin, null);
    }

    /**
     * Reads what {@link #toString} writes: {@code 7} or {@code 7:name}. The name is everything
     * after the first colon, so {@code 7:} has an empty one.
     *
     * @param text the twin in decimal without sign or leading zeros, and the connection if any
     * @return the address
     * @throws IllegalArgumentException if {@code text} is no address
     */
    public static Address parse(String text) {
        int colon = text.indexOf(':');
        String connection = colon < 0 ? null : text.substring(colon + 1);
        return new Address(parseTwin(text, colon < 0 ? text.length() : colon), connection);
    }

    private static long parseTwin(String text, int end) {
        if (end < 1 || end > MAX_TWIN_DIGITS || text.charAt(0) == '0') {
            throw new IllegalArgumentException("not an address: a twin id is expected");
        }
        long twin = 0;
        for (int i = 0; i < end; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                throw new IllegalArgumentException("not an address: a twin id is expected");
            }
            twin = twin * 10 + digit;
        }
        return twin;
    }

    /**
     * Orders by twin, then by connection: none, then names. Clients choose the names, also such
     * whose hashes collide; hash maps fall back on this order.
     *
     * @param other another address
     * @return less than, equal to or more than 0, consistent with {@link #equals}
     */
    @Override
    public int compareTo(Address other) {
        int byTwin = Long.compare(twin, other.twin);
        if (byTwin != 0) {
            return byTwin;
        }
        if (connection == null || other.connection == null) {
            return Boolean.compare(connection != null, other.connection != null);
        }
        return connection.compareTo(other.connection);
    }

    @Override
    public String toString() {
        return connection == null ? Long.toString(twin) : twin + ":" + connection;
    }
}
