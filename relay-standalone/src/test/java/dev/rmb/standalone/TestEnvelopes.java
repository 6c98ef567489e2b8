package dev.rmb.standalone;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import dev.rmb.proto.Envelope;
import dev.rmb.proto.Ping;
import dev.rmb.proto.Request;
import dev.rmb.protocol.Address;
import java.util.SplittableRandom;

/** Envelopes as a client might write them. The relay does not look at signatures. */
final class TestEnvelopes {
    private static final int UNKNOWN_FIELD = 4_711;

    private TestEnvelopes() {}

    static byte[] request(Address from, Address to, String uid, byte[] payload) {
        return builder(from, to, uid).setPlain(ByteString.copyFrom(payload)).build().toByteArray();
    }

    /** With random content and a field that no version of the protocol has. */
    static byte[] unusual(Address from, Address to, String uid, int size, long seed) {
        byte[] payload = new byte[size];
        new SplittableRandom(seed).nextBytes(payload);
        return builder(from, to, uid)
                .setCipher(ByteString.copyFrom(payload))
                .setSchema("application/x-test")
                .addRelays("r1.example.org")
                .setUnknownFields(
                        UnknownFieldSet.newBuilder()
                                .addField(
                                        UNKNOWN_FIELD,
                                        UnknownFieldSet.Field.newBuilder()
                                                .addFixed64(seed)
                                                .addLengthDelimited(
                                                        ByteString.copyFromUtf8("unknown"))
                                                .build())
                                .build())
                .build()
                .toByteArray();
    }

    /** An application ping as the TypeScript client writes it: to twin 0, unsigned. */
    static byte[] ping(Address from) {
        return Envelope.newBuilder()
                .setUid("ping")
                .setTimestamp(System.currentTimeMillis() / 1000)
                .setExpiration(300)
                .setSource(address(from))
                .setDestination(dev.rmb.proto.Address.newBuilder().setConnection(""))
                .setPing(Ping.getDefaultInstance())
                .build()
                .toByteArray();
    }

    private static Envelope.Builder builder(Address from, Address to, String uid) {
        return Envelope.newBuilder()
                .setUid(uid)
                .setTimestamp(System.currentTimeMillis() / 1000)
                .setExpiration(300)
                .setSource(address(from))
                .setDestination(address(to))
                .setRequest(Request.newBuilder().setCommand("test"));
    }

    private static dev.rmb.proto.Address address(Address address) {
        var built = dev.rmb.proto.Address.newBuilder().setTwin((int) address.twin());
        if (address.connection() != null) {
            built.setConnection(address.connection());
        }
        return built.build();
    }
}
