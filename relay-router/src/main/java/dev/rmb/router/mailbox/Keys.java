package dev.rmb.router.mailbox;

import dev.rmb.protocol.Address;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How keys are laid out. All numbers are big-endian, so that a mailbox is one range in the order of
 * the log:
 *
 * <pre>
 * m | twin u32 | connection | offset i64   a message in a mailbox
 * p | offset i64                           a record of a version that is not known here
 * r | offset i64                           a refused message, while its place is not passed yet
 * s                                        the seams of the log
 * u | twin u32                             a twin with stored messages that nobody decided on
 * w                                        the watermark
 * </pre>
 *
 * A connection is one byte 0 if absent, else 1, its length u32, and its UTF-8: no address's key is
 * the beginning of another's.
 */
final class Keys {
    static final byte[] WATERMARK = {'w'};
    static final byte[] SEAMS = {'s'};
    static final byte PARKED = 'p';
    static final byte REFUSED = 'r';
    static final byte UNDECIDED = 'u';

    private static final byte MESSAGE = 'm';
    private static final byte ABSENT = 0;
    private static final byte PRESENT = 1;
    private static final int TWIN_END = 1 + Integer.BYTES;

    private Keys() {}

    /** What all keys of an address's messages begin with. */
    static byte[] mailbox(Address address) {
        String connection = address.connection();
        if (connection == null) {
            return ByteBuffer.allocate(TWIN_END + 1)
                    .put(MESSAGE)
                    .putInt((int) address.twin())
                    .put(ABSENT)
                    .array();
        }
        byte[] name = connection.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(TWIN_END + 1 + Integer.BYTES + name.length)
                .put(MESSAGE)
                .putInt((int) address.twin())
                .put(PRESENT)
                .putInt(name.length)
                .put(name)
                .array();
    }

    /** What all keys of a twin's messages begin with. */
    static byte[] mailboxes(long twin) {
        return ByteBuffer.allocate(TWIN_END).put(MESSAGE).putInt((int) twin).array();
    }

    static byte[] at(byte[] mailbox, long offset) {
        byte[] key = Arrays.copyOf(mailbox, mailbox.length + Long.BYTES);
        ByteBuffer.wrap(key).putLong(mailbox.length, offset);
        return key;
    }

    static byte[] at(byte prefix, long offset) {
        return ByteBuffer.allocate(1 + Long.BYTES).put(prefix).putLong(offset).array();
    }

    static byte[] of(byte prefix, long twin) {
        return ByteBuffer.allocate(1 + Integer.BYTES).put(prefix).putInt((int) twin).array();
    }

    /** The offset that the key of a message, a parked record or a refusal ends with. */
    static long offset(byte[] key) {
        return ByteBuffer.wrap(key).getLong(key.length - Long.BYTES);
    }

    static long twin(byte[] key) {
        return Integer.toUnsignedLong(ByteBuffer.wrap(key).getInt(1));
    }

    /** Whose mailbox the key of a message lies in. */
    static Address address(byte[] key) {
        @Nullable String connection = null;
        if (key[TWIN_END] == PRESENT) {
            int from = TWIN_END + 1 + Integer.BYTES;
            connection =
                    new String(key, from, key.length - Long.BYTES - from, StandardCharsets.UTF_8);
        }
        return new Address(twin(key), connection);
    }

    /** Whether this could be what {@link #mailbox} gave for some address. */
    static boolean isMailbox(byte[] key) {
        if (key.length <= TWIN_END || key[0] != MESSAGE) {
            return false;
        }
        if (key[TWIN_END] == ABSENT) {
            return key.length == TWIN_END + 1;
        }
        int name = TWIN_END + 1 + Integer.BYTES;
        return key[TWIN_END] == PRESENT
                && key.length >= name
                && ByteBuffer.wrap(key).getInt(TWIN_END + 1) == key.length - name;
    }

    /** Below and above all messages. */
    static byte[] messages() {
        return new byte[] {MESSAGE};
    }

    static byte[] messagesEnd() {
        return new byte[] {MESSAGE + 1};
    }

    /** Whether two keys of messages lie in the same mailbox. */
    static boolean isSameMailbox(byte[] key, byte[] other) {
        int end = key.length - Long.BYTES;
        return key.length == other.length && Arrays.equals(key, 0, end, other, 0, end);
    }

    /** A key behind all those of a twin's messages: no connection begins with this byte. */
    static byte[] end(byte[] mailboxes) {
        byte[] key = Arrays.copyOf(mailboxes, mailboxes.length + 1);
        key[mailboxes.length] = (byte) 0xFF;
        return key;
    }
}
