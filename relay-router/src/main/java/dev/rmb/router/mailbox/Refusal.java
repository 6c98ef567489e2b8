package dev.rmb.router.mailbox;

import dev.rmb.protocol.Address;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a request that will not be delivered.
 *
 * @param uid the request's
 * @param requester who gets the answer
 * @param text goes out word for word: it is part of the wire contract
 */
public record Refusal(String uid, Address requester, String text) {
    private static final byte VERSION = 1;

    /**
     * Version u8, twin u32, connection, uid, text; each text a length i32 (-1: absent) and UTF-8.
     */
    byte[] encode() {
        byte[] uidBytes = uid.getBytes(StandardCharsets.UTF_8);
        byte[] textBytes = text.getBytes(StandardCharsets.UTF_8);
        String connection = requester.connection();
        byte @Nullable [] name =
                connection == null ? null : connection.getBytes(StandardCharsets.UTF_8);
        int size = 1 + 4 * Integer.BYTES + uidBytes.length + textBytes.length;
        ByteBuffer out = ByteBuffer.allocate(size + (name == null ? 0 : name.length));
        out.put(VERSION).putInt((int) requester.twin());
        if (name == null) {
            out.putInt(-1);
        } else {
            out.putInt(name.length).put(name);
        }
        out.putInt(uidBytes.length).put(uidBytes);
        out.putInt(textBytes.length).put(textBytes);
        return out.array();
    }

    static Refusal decode(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (in.get() != VERSION) {
            throw new IllegalStateException(
                    "a refusal of an unknown version: downgrades are not possible");
        }
        long twin = Integer.toUnsignedLong(in.getInt());
        Address requester = new Address(twin, text(in));
        String uid = text(in);
        String text = text(in);
        if (uid == null || text == null) {
            throw new IllegalStateException("a refusal without uid or text");
        }
        return new Refusal(uid, requester, text);
    }

    private static @Nullable String text(ByteBuffer in) {
        int length = in.getInt();
        if (length < 0) {
            return null;
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
