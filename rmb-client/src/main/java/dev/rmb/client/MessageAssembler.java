package dev.rmb.client;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/** Puts a message together from the parts in which it is received. Belongs to one connection. */
final class MessageAssembler {
    /** The protocol's limit for a message. */
    static final int MAX_MESSAGE = 16 << 20;

    /** What leaves room for the rest of an envelope: addresses, signature, encryption. */
    static final int MAX_PAYLOAD = MAX_MESSAGE - (16 << 10);

    private final int limit;
    private byte[] parts = {};
    private int length;

    MessageAssembler(int limit) {
        this.limit = limit;
    }

    /**
     * Takes the next part.
     *
     * @return the message, if this was its last part
     * @throws TooLongException if the message has more bytes than allowed
     */
    Optional<byte[]> add(ByteBuffer part, boolean last) {
        int total = length + part.remaining();
        if (total > limit) {
            throw new TooLongException();
        }
        if (last && length == 0) {
            var message = new byte[total];
            part.get(message);
            return Optional.of(message);
        }
        if (total > parts.length) {
            parts =
                    Arrays.copyOf(
                            parts, last ? total : Math.max(total, Math.min(limit, 2 * total)));
        }
        part.get(parts, length, part.remaining());
        length = total;
        return last ? Optional.of(take()) : Optional.empty();
    }

    private byte[] take() {
        byte[] message = parts.length == length ? parts : Arrays.copyOf(parts, length);
        parts = new byte[0];
        length = 0;
        return message;
    }

    /** A message is longer than this client takes. */
    static final class TooLongException extends RuntimeException {
        TooLongException() {
            super("message too long", null, false, false);
        }
    }
}
