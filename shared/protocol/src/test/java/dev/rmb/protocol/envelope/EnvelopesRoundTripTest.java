package dev.rmb.protocol.envelope;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.rmb.proto.Envelope;
import dev.rmb.proto.Error;
import dev.rmb.proto.Ping;
import dev.rmb.proto.Pong;
import dev.rmb.proto.Request;
import dev.rmb.proto.Response;
import dev.rmb.protocol.Address;
import dev.rmb.protocol.identity.KeyPair;
import dev.rmb.protocol.identity.KeyType;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class EnvelopesRoundTripTest {
    private static final KeyPair EDWARDS = KeyPair.of(KeyType.ED25519, "//Alice");
    private static final KeyPair SCHNORRKEL = KeyPair.of(KeyType.SR25519, "//Alice");

    static LongStream seeds() {
        return LongStream.range(0, 150);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whatIsBuiltAndSignedIsParsedVerifiedAndScannedAlike(long seed)
            throws InvalidProtocolBufferException {
        var random = new SplittableRandom(seed);
        KeyPair pair = random.nextBoolean() ? EDWARDS : SCHNORRKEL;
        Address source = address(random);
        Address destination = address(random);
        Envelope.Builder built = envelope(random, source, destination);

        Envelope signed = Envelopes.sign(built, pair);
        byte[] bytes = signed.toByteArray();
        Envelope parsed = Envelope.parseFrom(bytes);
        EnvelopeHeader header = EnvelopeHeader.scan(bytes);

        assertThat(parsed).isEqualTo(signed);
        assertThat(Envelopes.verify(parsed, pair.account())).isTrue();
        assertThat(header.uid()).isEqualTo(parsed.getUid());
        assertThat(header.source()).isEqualTo(source);
        assertThat(header.hasSource(source)).isTrue();
        assertThat(header.hasDestination(destination)).isTrue();
        assertThat(header.hasSource(destination)).isEqualTo(source.equals(destination));
        assertThat(header.lifetime()).isEqualTo(Envelopes.lifetime(parsed));
    }

    private static Envelope.Builder envelope(
            SplittableRandom random, Address source, Address destination) {
        Envelope.Builder envelope =
                Envelope.newBuilder()
                        .setUid(text(random))
                        .setTimestamp(random.nextLong())
                        .setExpiration(random.nextLong(1 << 20))
                        .setSource(Envelopes.toProto(source))
                        .setDestination(Envelopes.toProto(destination));
        switch (random.nextInt(6)) {
            case 0 -> envelope.setRequest(Request.newBuilder().setCommand(text(random)));
            case 1 -> envelope.setResponse(Response.getDefaultInstance());
            case 2 ->
                    envelope.setError(
                            Error.newBuilder().setCode(random.nextInt()).setMessage(text(random)));
            case 3 -> envelope.setPing(Ping.getDefaultInstance());
            case 4 -> envelope.setPong(Pong.getDefaultInstance());
            default -> {}
        }
        if (random.nextBoolean()) {
            envelope.setTags(text(random));
        }
        if (random.nextBoolean()) {
            envelope.setSchema(text(random));
        }
        if (random.nextBoolean()) {
            envelope.setFederation(text(random)).addRelays(text(random)).addRelays("");
        }
        var payload = new byte[random.nextInt(500)];
        random.nextBytes(payload);
        return switch (random.nextInt(3)) {
            case 0 -> envelope.setPlain(ByteString.copyFrom(payload));
            case 1 -> envelope.setCipher(ByteString.copyFrom(payload));
            default -> envelope;
        };
    }

    private static Address address(SplittableRandom random) {
        long twin = random.nextInt(3) == 0 ? 7 : random.nextLong(1, 1L << 32);
        @Nullable String connection = random.nextInt(3) == 0 ? null : text(random);
        return new Address(twin, connection);
    }

    private static String text(SplittableRandom random) {
        return random.ints(random.nextInt(8), 1, Character.MAX_CODE_POINT)
                .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
