package dev.rmb.protocol.envelope;

import dev.rmb.protocol.Address;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
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
 * when asked, each time anew; it holds for as long as nobody changes or releases them. It does not
 * change; hand it to another thread by anything that publishes what it hands over, such as a queue.
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
    private static final int ERROR_CODE = 1 << 3;
    private static final int ERROR_MESSAGE = 2 << 3 | 2;
    private static final int NONE = 0;

    private static final int ABSENT = -1;
    private static final String FAIL_FAST = "fail-fast";

    /** What an envelope is, by the case of its {@code message}. */
    public enum Kind {
        /** None of the others is set, or one this version does not know. */
        NONE,
        /** Asks for a command to be run. */
        REQUEST,
        /** Answers a request. */
        RESPONSE,
        /** Answers a request that failed, or could not be delivered. */
        ERROR,
        /** Asks a relay whether it is there. */
        PING,
        /** Answers a ping. */
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
     * @return its header
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
     * @return its header
     * @throws MalformedEnvelopeException if this is no envelope
     */
    public static EnvelopeHeader scan(byte[] bytes) {
        return scan(bytes, 0, bytes.length);
    }

    /**
     * Scans the envelope that a buffer, on the heap or off it, has remaining. The buffer's position
     * and limit are left as they are.
     *
     * @param bytes must not change or be released while the header is used. Its position and limit
     *     must stay, too: the header reads a buffer without an accessible array through the buffer
     *     itself and not through a duplicate, which would be one more object for each scan
     * @return the envelope's header
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
            case REQUEST -> message(Kind.REQUEST, REQUEST_COMMAND, NONE);
            case RESPONSE -> message(Kind.RESPONSE, NONE, NONE);
            case ERROR -> message(Kind.ERROR, ERROR_MESSAGE, ERROR_CODE);
            case PING -> message(Kind.PING, NONE, NONE);
            case PONG -> message(Kind.PONG, NONE, NONE);
            case SCHEMA, FEDERATION, RELAYS -> bytes.string();
            default -> bytes.skip(tag);
        }
    }

    /** Reads a message of which one field may be a string, and one a 32-bit number. */
    private void message(Kind read, int stringTag, int numberTag) {
        int outer = bytes.enter();
        while (!bytes.atEnd()) {
            int tag = bytes.tag();
            if (tag == stringTag) {
                bytes.string();
            } else if (tag == numberTag) {
                bytes.varint32();
            } else {
                bytes.skip(tag);
            }
        }
        bytes.leave(outer);
        kind = read;
    }

    /** {@return what the sender of a request chose to know its answer by; empty if absent} */
    public String uid() {
        return bytes.text(uidAt, uidLength);
    }

    /**
     * {@return a number that two equal uids have in common within one process, without building
     * either; different uids hardly ever have the same}
     */
    public long uidHash() {
        return bytes.hash(uidAt, uidLength);
    }

    /**
     * The {@link #uidHash} of an envelope with this uid.
     *
     * @param uid a uid
     * @return its hash
     */
    public static long uidHash(String uid) {
        byte[] utf8 = uid.getBytes(StandardCharsets.UTF_8);
        return new WireReader(utf8, 0, utf8.length).hash(0, utf8.length);
    }

    /** {@return tokens separated by commas or white space; {@code null} if absent} */
    public @Nullable String tags() {
        return tagsAt == ABSENT ? null : bytes.text(tagsAt, tagsLength);
    }

    /** {@return whether the token {@code fail-fast} is among the tags} */
    public boolean failFast() {
        return tagsAt != ABSENT
                && TagTokens.contains(bytes, tagsAt, tagsAt + tagsLength, FAIL_FAST);
    }

    /** {@return seconds since the epoch by the sender's clock, as an unsigned 64-bit number} */
    public long timestamp() {
        return timestamp;
    }

    /** {@return seconds after the timestamp at which this is void, an unsigned 64-bit number} */
    public long expiration() {
        return expiration;
    }

    /** {@return how long this may be delivered, by the sender's clock} */
    public Lifetime lifetime() {
        return new Lifetime(timestamp, expiration);
    }

    /** {@return the twin that sent this, 1 to 2^32 - 1; 0 if absent, as in a relay's errors} */
    public long sourceTwin() {
        return source.twin();
    }

    /** {@return the connection it was sent from; {@code null} if absent, which is not empty} */
    public @Nullable String sourceConnection() {
        return source.connection();
    }

    /** {@return where it comes from; {@code null} if the source twin is absent} */
    public @Nullable Address source() {
        return source.address();
    }

    /**
     * Whether this comes from exactly that address. Allocates nothing.
     *
     * @param address of a sender
     * @return whether twin and connection are those of the source
     */
    public boolean hasSource(Address address) {
        return source.is(address);
    }

    /**
     * Whether this comes from exactly that twin and connection. Allocates nothing, and is faster
     * than {@link #hasSource} for who keeps the connection's name encoded.
     *
     * @param twin a twin id
     * @param connection the connection's name in UTF-8, {@code null} for none
     * @return whether both are those of the source
     */
    public boolean sourceIs(long twin, byte @Nullable [] connection) {
        return source.is(twin, connection);
    }

    /** {@return the twin this is for, 1 to 2^32 - 1; 0 if absent} */
    public long destinationTwin() {
        return destination.twin();
    }

    /** {@return the connection this is for; {@code null} if absent, which is not empty} */
    public @Nullable String destinationConnection() {
        return destination.connection();
    }

    /** {@return where it goes; {@code null} if the destination twin is absent} */
    public @Nullable Address destination() {
        return destination.address();
    }

    /**
     * Whether this goes to exactly that address. Allocates nothing.
     *
     * @param address of a receiver
     * @return whether twin and connection are those of the destination
     */
    public boolean hasDestination(Address address) {
        return destination.is(address);
    }

    /** {@return what kind of message this is} */
    public Kind kind() {
        return kind;
    }
}
