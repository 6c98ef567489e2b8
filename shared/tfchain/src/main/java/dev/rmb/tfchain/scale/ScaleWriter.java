package dev.rmb.tfchain.scale;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Writes SCALE. Methods return the writer, to be chained. Not thread-safe. */
public final class ScaleWriter {
    private static final int MAX_COMPACT_BITS = 536;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    public ScaleWriter u8(int value) {
        return littleEndian(value, Byte.BYTES);
    }

    public ScaleWriter u16(int value) {
        return littleEndian(value, Short.BYTES);
    }

    public ScaleWriter u32(long value) {
        return littleEndian(value, Integer.BYTES);
    }

    public ScaleWriter u64(long value) {
        return littleEndian(value, Long.BYTES);
    }

    private ScaleWriter littleEndian(long value, int size) {
        for (int i = 0; i < size; i++) {
            out.write((int) (value >>> (Byte.SIZE * i)));
        }
        return this;
    }

    public ScaleWriter bool(boolean value) {
        return u8(value ? 1 : 0);
    }

    /** The bytes themselves, without a length. */
    public ScaleWriter bytes(byte[] bytes) {
        out.writeBytes(bytes);
        return this;
    }

    public ScaleWriter compact(long value) {
        return compact(BigInteger.valueOf(value));
    }

    /**
     * @param value not negative, below 2^536
     */
    public ScaleWriter compact(BigInteger value) {
        int bits = value.bitLength();
        if (value.signum() < 0 || bits > MAX_COMPACT_BITS) {
            throw new IllegalArgumentException("no compact integer: " + value);
        }
        if (bits <= 6) {
            return u8(value.intValue() << 2);
        }
        if (bits <= 14) {
            return u16(value.intValue() << 2 | 1);
        }
        if (bits <= 30) {
            return u32(value.longValue() << 2 | 2);
        }
        int size = Math.max(Integer.BYTES, (bits + 7) / Byte.SIZE);
        u8((size - Integer.BYTES) << 2 | 3);
        for (int i = 0; i < size; i++) {
            out.write(value.shiftRight(Byte.SIZE * i).intValue());
        }
        return this;
    }

    /** A list of bytes: its length, then the bytes. */
    public ScaleWriter byteList(byte[] bytes) {
        return compact(bytes.length).bytes(bytes);
    }

    public ScaleWriter text(String text) {
        return byteList(text.getBytes(StandardCharsets.UTF_8));
    }

    /** An optional list of bytes. */
    public ScaleWriter optionalByteList(byte @Nullable [] bytes) {
        return bytes == null ? u8(0) : u8(1).byteList(bytes);
    }

    public byte[] toByteArray() {
        return out.toByteArray();
    }
}
