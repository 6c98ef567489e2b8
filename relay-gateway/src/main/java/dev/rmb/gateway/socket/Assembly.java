package dev.rmb.gateway.socket;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Puts a message together. Its bytes are copied once, out of the socket's buffer; one that comes in
 * pieces grows with what has arrived, not with what was announced. Not thread-safe.
 */
public final class Assembly {
    /** What is set aside for a message before more of it has come. */
    private static final int FIRST_PIECE = 16 * 1024;

    private static final byte[] EMPTY = {};

    private final int max;
    private byte @Nullable [] message;
    private int size;

    /**
     * @param max bytes of a message; the caller appends no more
     */
    public Assembly(int max) {
        this.max = max;
    }

    /** Bytes that have come. */
    public int size() {
        return size;
    }

    /** Bytes set aside. */
    public int held() {
        return message == null ? 0 : message.length;
    }

    /**
     * Appends what there is of a piece.
     *
     * @param left bytes of the piece that have not come yet
     * @return how many of them came
     */
    public int append(ByteBuf in, int left) {
        int piece = Math.min(left, in.readableBytes());
        if (piece > 0) {
            in.readBytes(room(piece, left), size, piece);
            size += piece;
        }
        return piece;
    }

    /** The last so many bytes may be changed: the array, in which they stand before its size. */
    public byte[] bytes() {
        return message == null ? EMPTY : message;
    }

    /** The whole message; the next one begins. */
    public byte[] finish() {
        byte[] whole = bytes();
        byte[] exact = whole.length == size ? whole : Arrays.copyOf(whole, size);
        clear();
        return exact;
    }

    /** Forgets what has come. */
    public void clear() {
        message = null;
        size = 0;
    }

    /**
     * How large the array becomes. What is known to come bounds it, but it grows by half at least
     * where it may: a message in a million pieces must not be copied for each of them.
     */
    private int grown(int now, int known) {
        return Math.max(Math.min(max, now + now / 2), Math.min(known, 2 * now));
    }

    /** The array, with room for so many bytes more. */
    private byte[] room(int piece, int left) {
        int needed = size + piece;
        byte[] has = message;
        if (has == null) {
            // Most messages are there at once, and get an array of their size.
            has = new byte[Math.max(needed, Math.min(left, FIRST_PIECE))];
        } else if (has.length < needed) {
            has = Arrays.copyOf(has, Math.max(needed, grown(has.length, size + left)));
        }
        message = has;
        return has;
    }
}
