package dev.rmb.protocol.envelope;

import dev.rmb.protocol.Address;
import org.jspecify.annotations.Nullable;

/** A source or destination as it stands in an envelope's bytes. */
final class AddressView {
    private static final int TWIN = 1 << 3;
    private static final int CONNECTION = 2 << 3 | 2;

    private static final long TWIN_MASK = 0xFFFF_FFFFL;
    private static final int ABSENT = -1;

    private final WireReader bytes;
    private int twin;
    private int connectionAt = ABSENT;
    private int connectionLength;

    AddressView(WireReader bytes) {
        this.bytes = bytes;
    }

    /** Reads one occurrence of the field. What it does not set stays as an earlier one left it. */
    void read() {
        int outer = bytes.enter();
        while (!bytes.atEnd()) {
            int tag = bytes.tag();
            switch (tag) {
                case TWIN -> twin = bytes.varint32();
                case CONNECTION -> {
                    connectionLength = bytes.string();
                    connectionAt = bytes.position() - connectionLength;
                }
                default -> bytes.skip(tag);
            }
        }
        bytes.leave(outer);
    }

    long twin() {
        return twin & TWIN_MASK;
    }

    @Nullable String connection() {
        return connectionAt == ABSENT ? null : bytes.text(connectionAt, connectionLength);
    }

    @Nullable Address address() {
        return twin == 0 ? null : new Address(twin(), connection());
    }

    boolean is(Address address) {
        return twin() == address.twin() && hasConnection(address.connection());
    }

    boolean is(long twin, byte @Nullable [] connection) {
        return twin() == twin && hasConnection(connection);
    }

    private boolean hasConnection(@Nullable String connection) {
        if (connection == null || connectionAt == ABSENT) {
            return connection == null && connectionAt == ABSENT;
        }
        int at = connectionAt;
        int end = connectionAt + connectionLength;
        int index = 0;
        while (at < end && index < connection.length()) {
            int codePoint = connection.codePointAt(index);
            if (codePoint != Utf8.codePoint(bytes, at)) {
                return false;
            }
            index += Character.charCount(codePoint);
            at = Utf8.next(bytes, at, end);
        }
        return at == end && index == connection.length();
    }

    private boolean hasConnection(byte @Nullable [] connection) {
        if (connection == null || connectionAt == ABSENT) {
            return connection == null && connectionAt == ABSENT;
        }
        if (connection.length != connectionLength) {
            return false;
        }
        for (int i = 0; i < connectionLength; i++) {
            if (connection[i] != bytes.byteAt(connectionAt + i)) {
                return false;
            }
        }
        return true;
    }
}
