package dev.rmb.protocol.envelope;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A cursor over protobuf bytes that takes and refuses exactly what protobuf's own Java parser does,
 * its quirks included: 32-bit varints may be up to ten bytes long and lose their upper bits, groups
 * and messages nest to 100 levels, strings are strict UTF-8.
 *
 * <p>It reads an array or a buffer. Every byte goes through {@link #byteAt}, whose test for which
 * of the two it is never changes its outcome within a scan and costs next to nothing; it saves
 * having each loop twice.
 */
final class WireReader {
    private static final int RECURSION_LIMIT = 100;
    private static final int MAX_VARINT_BYTES = 10;

    private static final int WIRE_TYPE_BITS = 3;
    private static final int WIRE_TYPE_MASK = 7;
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int LENGTH_DELIMITED = 2;
    private static final int START_GROUP = 3;
    private static final int END_GROUP = 4;
    private static final int FIXED32 = 5;

    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final long HASH_FACTOR = 0x9E37_79B9_7F4A_7C15L;
    private static final long NON_ASCII = 0x8080_8080_8080_8080L;

    private final byte @Nullable [] array;
    private final @Nullable ByteBuffer buffer;
    private int position;
    private int limit;
    private int depth;

    WireReader(byte[] array, int offset, int length) {
        this.array = array;
        this.buffer = null;
        this.position = offset;
        this.limit = offset + length;
    }

    WireReader(ByteBuffer source) {
        if (source.hasArray()) {
            this.array = source.array();
            this.buffer = null;
            this.position = source.arrayOffset() + source.position();
        } else {
            this.array = null;
            this.buffer = source;
            this.position = source.position();
        }
        this.limit = position + source.remaining();
    }

    int position() {
        return position;
    }

    boolean atEnd() {
        return position == limit;
    }

    /** The next tag: field number and wire type. Not to be asked for at the end. */
    int tag() {
        int tag = varint32();
        if (tag >>> WIRE_TYPE_BITS == 0) {
            throw new MalformedEnvelopeException("field number 0");
        }
        return tag;
    }

    /** A varint of which the upper bits, if there are any, are dropped. */
    int varint32() {
        byte first = next();
        return first >= 0 ? first : (int) restOfVarint(first, false);
    }

    long varint64() {
        byte first = next();
        return first >= 0 ? first : restOfVarint(first, true);
    }

    /**
     * Reads on after a first byte that says so.
     *
     * @param oddTenth whether a tenth byte ends the varint too if it is odd, even if it says that
     *     more follow: so protobuf 4.36 reads 64-bit varints out of arrays
     */
    private long restOfVarint(byte first, boolean oddTenth) {
        long value = first & 0x7F;
        for (int i = 1; i < MAX_VARINT_BYTES; i++) {
            byte more = next();
            value |= (more & 0x7FL) << (7 * i);
            if (more >= 0 || (oddTenth && i == MAX_VARINT_BYTES - 1 && (more & 1) != 0)) {
                return value;
            }
        }
        throw new MalformedEnvelopeException("varint of more than ten bytes");
    }

    /** Reads the length of what follows, which is within the bounds. */
    int length() {
        int length = varint32();
        if (length < 0) {
            throw new MalformedEnvelopeException("negative length");
        }
        if (length > limit - position) {
            throw truncated();
        }
        return length;
    }

    /**
     * Enters a message, of which the end becomes this cursor's. Returns what {@link #leave} needs.
     */
    int enter() {
        int length = length();
        descend();
        int outer = limit;
        limit = position + length;
        return outer;
    }

    void leave(int outer) {
        depth--;
        limit = outer;
    }

    private void descend() {
        if (depth == RECURSION_LIMIT) {
            throw new MalformedEnvelopeException("nested too deeply");
        }
        depth++;
    }

    /** Reads a string and returns its length; it starts that many bytes before the position. */
    int string() {
        int length = length();
        int end = position + length;
        position = Utf8.firstNonAscii(this, position, end);
        while (position < end) {
            position = Utf8.next(this, position, end);
        }
        return length;
    }

    /**
     * Skips a field of the message being read.
     *
     * @param tag what {@link #tag} returned
     */
    void skip(int tag) {
        switch (tag & WIRE_TYPE_MASK) {
            case VARINT -> varint64();
            case FIXED64 -> skipBytes(Long.BYTES);
            case LENGTH_DELIMITED -> skipBytes(length());
            case START_GROUP -> skipGroup(tag);
            case END_GROUP -> throw new MalformedEnvelopeException("end of a group never begun");
            case FIXED32 -> skipBytes(Integer.BYTES);
            default -> throw new MalformedEnvelopeException("invalid wire type");
        }
    }

    private void skipBytes(int count) {
        if (count > limit - position) {
            throw truncated();
        }
        position += count;
    }

    private void skipGroup(int startTag) {
        descend();
        int endTag = startTag + (END_GROUP - START_GROUP);
        for (int tag = tagWithinGroup(); tag != endTag; tag = tagWithinGroup()) {
            skip(tag);
        }
        depth--;
    }

    private int tagWithinGroup() {
        if (atEnd()) {
            throw truncated();
        }
        return tag();
    }

    private byte next() {
        if (position == limit) {
            throw truncated();
        }
        return byteAt(position++);
    }

    private static MalformedEnvelopeException truncated() {
        return new MalformedEnvelopeException("ends in the middle of a field");
    }

    byte byteAt(int index) {
        byte[] bytes = array;
        if (bytes != null) {
            return bytes[index];
        }
        return view().get(index);
    }

    /** A hash of some bytes, for comparisons within one process: others may give another. */
    long hash(int offset, int length) {
        long hash = length * HASH_FACTOR;
        int end = offset + length;
        int at = offset;
        for (; end - at >= Long.BYTES; at += Long.BYTES) {
            byte[] bytes = array;
            long eight = bytes != null ? (long) LONGS.get(bytes, at) : view().getLong(at);
            hash = (hash ^ eight) * HASH_FACTOR;
            hash ^= hash >>> Integer.SIZE;
        }
        for (; at < end; at++) {
            hash = (hash ^ byteAt(at)) * HASH_FACTOR;
        }
        return hash ^ hash >>> Integer.SIZE;
    }

    /** Whether the eight bytes from {@code index} on are all ASCII. */
    boolean isAsciiAt(int index) {
        byte[] bytes = array;
        long eight = bytes != null ? (long) LONGS.get(bytes, index) : view().getLong(index);
        return (eight & NON_ASCII) == 0;
    }

    /** The text of bytes that {@link #string} has checked. */
    String text(int offset, int length) {
        byte[] bytes = array;
        if (bytes != null) {
            return new String(bytes, offset, length, StandardCharsets.UTF_8);
        }
        byte[] copy = new byte[length];
        view().get(offset, copy);
        return new String(copy, StandardCharsets.UTF_8);
    }

    private ByteBuffer view() {
        ByteBuffer view = buffer;
        if (view == null) {
            throw new AssertionError("neither an array nor a buffer");
        }
        return view;
    }
}
