package dev.rmb.reliability.load;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.rmb.bench.twins.DemoTwin;
import dev.rmb.proto.Address;
import dev.rmb.proto.Envelope;
import dev.rmb.proto.Ping;
import dev.rmb.proto.Request;
import dev.rmb.protocol.envelope.Envelopes;
import dev.rmb.protocol.identity.Signer;
import java.nio.ByteBuffer;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is in an envelope of the harness: the pair, the number, and bytes that follow from them, so
 * that nothing can be taken for something else.
 *
 * @param pair index of the pair
 * @param number within the pair
 */
record Message(int pair, int number) {
    /** The smallest payload. */
    static final int HEADER = 12;

    private static final long EXPIRATION_SECONDS = 6 * 3600;
    private static final int SIGNATURE_LENGTH = 65;

    /** Relays do not check it. */
    private static final ByteString SIGNATURE =
            UnsafeByteOperations.unsafeWrap(new byte[SIGNATURE_LENGTH]);

    static Address address(DemoTwin twin, @Nullable String connection) {
        Address.Builder address = Address.newBuilder().setTwin((int) twin.id());
        return connection == null ? address.build() : address.setConnection(connection).build();
    }

    /**
     * The envelope of this message, a request.
     *
     * @param signer whose signature it bears; none: nobody's, which does where no other relay sees
     *     it
     */
    byte[] envelope(Address from, Address to, int payloadLength, @Nullable Signer signer) {
        Envelope.Builder envelope = builder(from, to, payloadLength);
        return (signer == null ? envelope.build() : Envelopes.sign(envelope, signer)).toByteArray();
    }

    private Envelope.Builder builder(Address from, Address to, int payloadLength) {
        return Envelope.newBuilder()
                .setUid(uid())
                .setTimestamp(Instant.now().getEpochSecond())
                .setExpiration(EXPIRATION_SECONDS)
                .setSource(from)
                .setDestination(to)
                .setRequest(Request.newBuilder().setCommand("reliability"))
                .setSignature(SIGNATURE)
                .setPlain(UnsafeByteOperations.unsafeWrap(payload(payloadLength)));
    }

    /** A ping to the relay, whose answer has this uid. */
    static byte[] ping(Address from, String uid) {
        return Envelope.newBuilder()
                .setUid(uid)
                .setTimestamp(Instant.now().getEpochSecond())
                .setExpiration(EXPIRATION_SECONDS)
                .setSource(from)
                .setDestination(Address.getDefaultInstance())
                .setPing(Ping.getDefaultInstance())
                .build()
                .toByteArray();
    }

    String uid() {
        return "m" + pair + "-" + number;
    }

    /** The message with this uid, if it is one's. */
    static @Nullable Message ofUid(String uid) {
        int dash = uid.indexOf('-');
        if (!uid.startsWith("m") || dash < 0) {
            return null;
        }
        try {
            return new Message(
                    Integer.parseInt(uid, 1, dash, 10),
                    Integer.parseInt(uid, dash + 1, uid.length(), 10));
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private byte[] payload(int length) {
        byte[] payload = new byte[length];
        ByteBuffer.wrap(payload).putInt(pair).putInt(number).putInt(length);
        for (int i = HEADER; i < length; i++) {
            payload[i] = filler(i);
        }
        return payload;
    }

    private byte filler(int i) {
        return (byte) (31 * pair + 7 * number + i);
    }

    /** The message in an envelope that arrived, if it is exactly as it was sent. */
    static @Nullable Message in(Envelope envelope) {
        ByteString payload = envelope.getPlain();
        if (payload.size() < HEADER) {
            return null;
        }
        ByteBuffer header = payload.asReadOnlyByteBuffer();
        var message = new Message(header.getInt(), header.getInt());
        if (header.getInt() != payload.size() || !envelope.getUid().equals(message.uid())) {
            return null;
        }
        for (int i = HEADER; i < payload.size(); i++) {
            if (payload.byteAt(i) != message.filler(i)) {
                return null;
            }
        }
        return message;
    }
}
