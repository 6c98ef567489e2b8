package dev.rmb.protocol.envelope;

import dev.rmb.protocol.Address;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a relay needs to know of an envelope, read out of its bytes without building the protobuf.
 *
 * <p>Scanning takes exactly the bytes that {@link dev.rmb.proto.Envelope}'s parser takes, refuses
 * those it refuses, and reads the same values: the last of a repeated field counts, addresses given
 * in several pieces are merged.
 *
 * <p>A header is a view. It keeps the bytes it was scanned from and reads its strings out of them
 * when asked, each time anew; it holds for as long as nobody changes or releases them. Apart from
 * that it is immutable.
 */
public final class EnvelopeHeader {
    private static final int UID = 1 << 3 | 2;
    private static final int TAGS = 2 << 3 | 2;
    private static final int TIMESTAMP = 3 << 3;
    private static final int EXPIRATION = 4 << 3;
    private static final int SOURCE = 5 << 3 | 2;
    private static final int DESTINATION = 6 << 3 | 2;
    private static final int REQUEST = 7 << 3 | 2;
    private static final int RESPONSE = 8 << 3 | 2;
    private static final int SCHEMA = 10 << 3 | 2;
    private static final int FEDERATION = 11 << 3 | 2;
    private static final int ERROR = 12 << 3 | 2;
    private static final int PING = 15 << 3 | 2;
    private static final int PONG = 16 << 3 | 2;
    private static final int RELAYS = 17 << 3 | 2;

    private static final int REQUEST_COMMAND = 1 << 3 | 2;
    private static final int ERROR_MESSAGE = 2 << 3 | 2;
    private static final int NO_STRING = 0;

    private static final int ABSENT = -1;
    private static final String FAIL_FAST = "fail-fast";

    /** What an envelope is, by the case of its {@code message}. */
    public enum Kind {
        /** None of the others is set, or one this version does not know. */
        NONE,
        REQUEST,
        RESPONSE,
        ERROR,
        PING,
        PONG
    }

    private final WireReader bytes;
    private final AddressView source;
    private final AddressView destination;
    private int uidAt;
    private int uidLength;
    private int tagsAt = ABSENT;
    private int tagsLength;
    private long timestamp;
    private long expiration;
    private Kind kind = Kind.NONE;

    private EnvelopeHeader(WireReader bytes) {
        this.bytes = bytes;
        this.source = new AddressView(bytes);
        this.destination = new AddressView(bytes);
        while (!bytes.atEnd()) {
            field(bytes.tag());
        }
    }

    /**
     * Scans an envelope.
     *
     * @param bytes where it stands; must not change while the header is used
     * @param offset its first byte
     * @param length how many bytes it has
     * @throws MalformedEnvelopeException if this is no envelope
     * @throws IndexOutOfBoundsException if there are no such bytes
     */
    public static EnvelopeHeader scan(byte[] bytes, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        return new EnvelopeHeader(new WireReader(bytes, offset, length));
    }

    /**
     * Scans the envelope that is an array.
     *
     * @param bytes the whole envelope; must not change while the header is used
     * @throws MalformedEnvelopeException if this is no envelope
     */
    public static EnvelopeHeader scan(byte[] bytes) {
        return scan(bytes, 0, bytes.length);
    }

    /**
     * Scans the envelope that a buffer, on the heap or off it, has remaining. The buffer's position
     * and limit stay as they are.
     *
     * @param bytes must not change or be released while the header is used
     * @throws MalformedEnvelopeException if this is no envelope
     */
    public static EnvelopeHeader scan(ByteBuffer bytes) {
        return new EnvelopeHeader(new WireReader(bytes));
    }

    private void field(int tag) {
        switch (tag) {
            case UID -> {
                uidLength = bytes.string();
                uidAt = bytes.position() - uidLength;
            }
            case TAGS -> {
                tagsLength = bytes.string();
                tagsAt = bytes.position() - tagsLength;
            }
            case TIMESTAMP -> timestamp = bytes.varint64();
            case EXPIRATION -> expiration = bytes.varint64();
            case SOURCE -> source.read();
            case DESTINATION -> destination.read();
            case REQUEST -> message(Kind.REQUEST, REQUEST_COMMAND);
            case RESPONSE -> message(Kind.RESPONSE, NO_STRING);
            case ERROR -> message(Kind.ERROR, ERROR_MESSAGE);
            case PING -> message(Kind.PING, NO_STRING);
            case PONG -> message(Kind.PONG, NO_STRING);
            case SCHEMA, FEDERATION, RELAYS -> bytes.string();
            default -> bytes.skip(tag);
        }
    }

    private void message(Kind read, int stringTag) {
        int outer = bytes.enter();
        while (!bytes.atEnd()) {
            int tag = bytes.tag();
            if (tag == stringTag) {
                bytes.string();
            } else {
                bytes.skip(tag);
            }
        }
        bytes.leave(outer);
        kind = read;
    }

    /** What the sender of a request chose to recognize its answer by; empty if absent. */
    public String uid() {
        return bytes.text(uidAt, uidLength);
    }

    /** Tokens separated by commas or white space; {@code null} if absent. */
    public @Nullable String tags() {
        return tagsAt == ABSENT ? null : bytes.text(tagsAt, tagsLength);
    }

    /** Whether the token {@code fail-fast} is among the tags. */
    public boolean failFast() {
        return tagsAt != ABSENT
                && TagTokens.contains(bytes, tagsAt, tagsAt + tagsLength, FAIL_FAST);
    }

    /** Seconds since the epoch by the sender's clock, as an unsigned 64-bit number. */
    public long timestamp() {
        return timestamp;
    }

    /** Seconds after the timestamp at which the envelope is void, as an unsigned 64-bit number. */
    public long expiration() {
        return expiration;
    }

    /** How long this may be delivered, by the sender's clock. */
    public Lifetime lifetime() {
        return new Lifetime(timestamp, expiration);
    }

    /** The twin that sent this, 1 to 2^32 - 1; 0 if absent, as in the relay's own errors. */
    public long sourceTwin() {
        return source.twin();
    }

    /** The connection it was sent from; {@code null} if absent, which differs from empty. */
    public @Nullable String sourceConnection() {
        return source.connection();
    }

    /** Where it comes from; {@code null} if the source twin is absent. */
    public @Nullable Address source() {
        return source.address();
    }

    /** Whether this comes from exactly that address. Allocates nothing. */
    public boolean hasSource(Address address) {
        return source.is(address);
    }

    /**
     * Whether this comes from exactly that twin and connection. Allocates nothing, and is faster
     * than {@link #hasSource} for who keeps the connection's name encoded.
     *
     * @param twin a twin id
     * @param connection the connection's name in UTF-8, {@code null} for none
     */
    public boolean sourceIs(long twin, byte @Nullable [] connection) {
        return source.is(twin, connection);
    }

    /** The twin this is for, 1 to 2^32 - 1; 0 if absent. */
    public long destinationTwin() {
        return destination.twin();
    }

    /** The connection this is for; {@code null} if absent, which differs from empty. */
    public @Nullable String destinationConnection() {
        return destination.connection();
    }

    /** Where it goes; {@code null} if the destination twin is absent. */
    public @Nullable Address destination() {
        return destination.address();
    }

    /** Whether this goes to exactly that address. Allocates nothing. */
    public boolean hasDestination(Address address) {
        return destination.is(address);
    }

    /** What kind of message this is. */
    public Kind kind() {
        return kind;
    }
}
