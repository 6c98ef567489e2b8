package dev.rmb.gateway.polling;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Several envelopes in one body: each behind its length, an unsigned number of 32 bits. */
final class Batch {
    /** Its media type. */
    static final String TYPE = "application/vnd.rmb.envelopes";

    /** The media type of one envelope. */
    static final String ONE = "application/octet-stream";

    private Batch() {}

    /** The envelopes, empty ones left out; {@code null} if these are not their lengths. */
    static @Nullable List<byte[]> read(byte[] body) {
        ByteBuffer from = ByteBuffer.wrap(body);
        List<byte[]> envelopes = new ArrayList<>();
        while (from.hasRemaining()) {
            if (from.remaining() < Integer.BYTES) {
                return null;
            }
            long length = Integer.toUnsignedLong(from.getInt());
            if (length > from.remaining()) {
                return null;
            }
            byte[] envelope = new byte[(int) length];
            from.get(envelope);
            if (length > 0) {
                envelopes.add(envelope);
            }
        }
        return envelopes;
    }

    /** Appends one. */
    static void write(byte[] envelope, ByteBuf to) {
        to.writeInt(envelope.length).writeBytes(envelope);
    }
}
