package dev.rmb.tfchain.scale;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads SCALE out of an array, from its beginning on. Nothing is allocated for a length before the
 * bytes for it are known to be there. Every method throws {@link ScaleException} where the bytes do
 * not fit. Not thread-safe.
 */
public final class ScaleReader {
    private static final int MODE_BITS = 2;
    private static final BigInteger MAX_FOUR_BYTES = BigInteger.valueOf((1L << 30) - 1);

    private final byte[] bytes;
    private int position;

    /**
     * @param bytes are not copied
     */
    public ScaleReader(byte[] bytes) {
        this.bytes = bytes;
    }

    /** How many bytes were read. */
    public int position() {
        return position;
    }

    public int remaining() {
        return bytes.length - position;
    }

    /** Refuses what is left over. */
    public void expectEnd() {
        if (remaining() != 0) {
            throw new ScaleException(remaining() + " bytes more than expected");
        }
    }

    public void skip(long count) {
        if (count > remaining()) {
            throw new ScaleException(
                    "cut off: " + count + " bytes expected, " + remaining() + " there");
        }
        position += (int) count;
    }

    public int u8() {
        skip(1);
        return bytes[position - 1] & 0xFF;
    }

    public int u16() {
        return (int) littleEndian(Short.BYTES);
    }

    public long u32() {
        return littleEndian(Integer.BYTES);
    }

    /** The 64 bits; a value of 2^63 and above is negative. */
    public long u64() {
        return littleEndian(Long.BYTES);
    }

    private long littleEndian(int size) {
        skip(size);
        long value = 0;
        for (int i = 1; i <= size; i++) {
            value = value << Byte.SIZE | (bytes[position - i] & 0xFF);
        }
        return value;
    }

    /** An integer of a fixed size, little-endian. */
    public BigInteger integer(int size, boolean signed) {
        byte[] reversed = bytes(size);
        for (int i = 0; i < size / 2; i++) {
            byte low = reversed[i];
            reversed[i] = reversed[size - 1 - i];
            reversed[size - 1 - i] = low;
        }
        return signed ? new BigInteger(reversed) : new BigInteger(1, reversed);
    }

    public boolean bool() {
        int value = u8();
        if (value > 1) {
            throw new ScaleException("a truth value is 0 or 1, not " + value);
        }
        return value == 1;
    }

    /** A copy of the next bytes. */
    public byte[] bytes(int count) {
        skip(count);
        return Arrays.copyOfRange(bytes, position - count, position);
    }

    /** A compact integer of any size, in its only form. */
    public BigInteger compact() {
        int first = u8();
        return switch (first & 3) {
            case 0 -> BigInteger.valueOf(first >> MODE_BITS);
            case 1 -> {
                position--;
                yield atLeast(1 << 6, u16() >> MODE_BITS);
            }
            case 2 -> {
                position--;
                yield atLeast(1 << 14, u32() >> MODE_BITS);
            }
            default -> large((first >> MODE_BITS) + Integer.BYTES);
        };
    }

    private BigInteger large(int size) {
        BigInteger value = integer(size, false);
        int needed = Math.max(Integer.BYTES, (value.bitLength() + 7) / Byte.SIZE);
        if (value.compareTo(MAX_FOUR_BYTES) <= 0 || needed != size) {
            throw longerThanNeeded();
        }
        return value;
    }

    private static BigInteger atLeast(long least, long value) {
        if (value < least) {
            throw longerThanNeeded();
        }
        return BigInteger.valueOf(value);
    }

    private static ScaleException longerThanNeeded() {
        return new ScaleException("a compact integer that is longer than needed");
    }

    /** A compact integer that fits 32 bits. */
    public long compactU32() {
        BigInteger value = compact();
        if (value.bitLength() > Integer.SIZE) {
            throw new ScaleException("a compact integer beyond 32 bits: " + value);
        }
        return value.longValue();
    }

    /**
     * The length of a list that follows.
     *
     * @param leastItem how many bytes each item needs at least, 1 or more
     */
    public int count(int leastItem) {
        long count = compactU32();
        if (count > remaining() / leastItem) {
            throw new ScaleException(
                    "cut off: a list of " + count + " in " + remaining() + " bytes");
        }
        return (int) count;
    }

    /** A list of bytes: its length, then a copy of them. */
    public byte[] byteList() {
        return bytes(count(1));
    }

    /** A text in UTF-8. */
    public String text() {
        byte[] utf8 = byteList();
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
        } catch (CharacterCodingException e) {
            throw new ScaleException("a text that is not UTF-8");
        }
    }

    /** A list whose items have at least one byte each. */
    public <T> List<T> list(Function<ScaleReader, T> item) {
        int count = count(1);
        // Grows with what is really there: a count is no reason to take memory.
        List<T> items = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            items.add(item.apply(this));
        }
        return items;
    }

    public <T> Optional<T> option(Function<ScaleReader, T> item) {
        return bool() ? Optional.of(item.apply(this)) : Optional.empty();
    }
}
