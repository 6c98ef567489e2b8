package dev.rmb.bench.protocol;

import com.google.protobuf.ByteString;
import dev.rmb.proto.Envelope;
import dev.rmb.proto.Request;
import dev.rmb.protocol.Address;
import dev.rmb.protocol.envelope.Envelopes;
import dev.rmb.protocol.identity.KeyPair;
import dev.rmb.protocol.identity.KeyType;
import java.util.Random;

/** What the microbenchmarks work on: the same in every fork. */
final class Samples {
    /** 2026-01-01, in seconds. */
    static final long NOW = 1_767_225_600;

    /** Makes the signed request 400 bytes long. */
    private static final int PAYLOAD = 250;

    private static final int SIGNED_BYTES = 400;

    private Samples() {}

    static KeyPair keyPair(KeyType type) {
        return KeyPair.of(type, "//bench");
    }

    /** The request, signed: 400 bytes. */
    static Envelope signed() {
        try (KeyPair keys = keyPair(KeyType.ED25519)) {
            Envelope signed = Envelopes.sign(request(), keys);
            if (signed.getSerializedSize() != SIGNED_BYTES) {
                throw new AssertionError("an envelope of " + signed.getSerializedSize() + " bytes");
            }
            return signed;
        }
    }

    /** A request that is not signed. */
    static Envelope.Builder request() {
        var payload = new byte[PAYLOAD];
        new Random(1).nextBytes(payload);
        return Envelope.newBuilder()
                .setUid("6f5d3d57-3ba5-4a4f-9e8b-7d3b0a8f4c11")
                .setTimestamp(NOW)
                .setExpiration(300)
                .setSource(Envelopes.toProto(Address.of(900_001)))
                .setDestination(Envelopes.toProto(new Address(900_002, "bench")))
                .setRequest(Request.newBuilder().setCommand("bench.echo"))
                .setPlain(ByteString.copyFrom(payload));
    }
}
