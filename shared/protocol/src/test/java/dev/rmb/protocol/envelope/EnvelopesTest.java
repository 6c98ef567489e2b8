package dev.rmb.protocol.envelope;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import dev.rmb.proto.Envelope;
import dev.rmb.proto.Error;
import dev.rmb.proto.Ping;
import dev.rmb.proto.Request;
import dev.rmb.protocol.Address;
import dev.rmb.protocol.identity.KeyPair;
import dev.rmb.protocol.identity.KeyType;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class EnvelopesTest {
    private static Envelope.Builder request() {
        return Envelope.newBuilder()
                .setUid("u-1")
                .setTimestamp(1000)
                .setExpiration(60)
                .setSource(Envelopes.toProto(Address.parse("7:laptop")))
                .setDestination(Envelopes.toProto(Address.of(9)))
                .setRequest(Request.newBuilder().setCommand("calculator.add"))
                .setPlain(ByteString.copyFromUtf8("[1,2]"));
    }

    @ParameterizedTest
    @EnumSource(KeyType.class)
    void aSignedEnvelopeHoldsUntilSomethingChanges(KeyType type) {
        try (var pair = KeyPair.of(type, "//Alice");
                var other = KeyPair.of(type, "//Bob")) {
            Envelope signed = Envelopes.sign(request(), pair);

            assertThat(Envelopes.verify(signed, pair.account())).isTrue();
            assertThat(Envelopes.verify(signed, other.account())).isFalse();
            assertThat(Envelopes.verify(changed(signed).setUid("u-2").build(), pair.account()))
                    .isFalse();
            assertThat(Envelopes.verify(changed(signed).setTags("").build(), pair.account()))
                    .as("an empty tag adds nothing to the challenge")
                    .isTrue();
            assertThat(Envelopes.verify(changed(signed).setTags("t").build(), pair.account()))
                    .isFalse();
            assertThat(Envelopes.verify(changed(signed).clearSignature().build(), pair.account()))
                    .isFalse();
            assertThat(Envelopes.sign(changed(signed), pair).getSignature().size()).isEqualTo(65);
        }
    }

    private static Envelope.Builder changed(Envelope envelope) {
        return envelope.toBuilder();
    }

    @Test
    void aMissingEndCountsAsTwinZero() {
        Envelope without = request().clearSource().build();
        Envelope zero = request().setSource(dev.rmb.proto.Address.getDefaultInstance()).build();

        assertThat(Challenge.of(without)).isEqualTo(Challenge.of(zero));
        assertThat(Challenge.of(without)).isNotEqualTo(Challenge.of(request().build()));
    }

    /** Numbers are unsigned: 2^64 - 1 and 2^32 - 1 are the largest, 0 is one digit. */
    @Test
    void theLargestAndSmallestNumbersAreWrittenInDecimal() throws NoSuchAlgorithmException {
        Envelope envelope =
                Envelope.newBuilder()
                        .setUid("u")
                        .setTimestamp(-1)
                        .setSource(Envelopes.toProto(new Address(0xFFFF_FFFFL, "c")))
                        .setDestination(Envelopes.toProto(Address.of(10)))
                        .setError(Error.newBuilder().setCode(-1).setMessage("é"))
                        .addRelays("r1")
                        .addRelays("r2")
                        .build();
        String text =
                "u" + "18446744073709551615" + "0" + "4294967295c" + "10" + "4294967295é" + "r1r2";

        assertThat(Challenge.of(envelope))
                .isEqualTo(
                        MessageDigest.getInstance("MD5")
                                .digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void stampingIsThatOfItsLifetime() {
        Envelope stamped = Envelopes.stamp(request(), 1010).build();

        assertThat(Envelopes.lifetime(stamped)).isEqualTo(new Lifetime(1010, 50));
        assertThat(Envelopes.isAliveAt(stamped, 1059)).isTrue();
        assertThat(Envelopes.isAliveAt(stamped, 1060)).isFalse();
    }

    @Test
    void aRelaysErrorHasTheRequestsUidAndNoSource() {
        Envelope error =
                Envelopes.relayError(
                        "u-1", Address.parse("7:laptop"), 0, "unknown twin destination", 1000);

        EnvelopeHeader header = EnvelopeHeader.scan(error.toByteArray());
        assertThat(header.uid()).isEqualTo("u-1");
        assertThat(header.kind()).isEqualTo(EnvelopeHeader.Kind.ERROR);
        assertThat(header.sourceTwin()).isZero();
        assertThat(header.destination()).isEqualTo(Address.parse("7:laptop"));
        assertThat(header.lifetime()).isEqualTo(new Lifetime(1000, 300));
        assertThat(error.hasSource()).isFalse();
        assertThat(error.hasSignature()).isFalse();
        assertThat(error.getError().getMessage()).isEqualTo("unknown twin destination");
    }

    @Test
    void aPongIsThePingTurnedAround() {
        Envelope ping =
                request()
                        .setPing(Ping.getDefaultInstance())
                        .setSchema("text")
                        .setSignature(ByteString.copyFromUtf8("sig"))
                        .setUnknownFields(
                                UnknownFieldSet.newBuilder()
                                        .addField(
                                                99,
                                                UnknownFieldSet.Field.newBuilder()
                                                        .addVarint(5)
                                                        .build())
                                        .build())
                        .build();

        Envelope pong = Envelopes.pongOf(ping);

        assertThat(pong)
                .isEqualTo(
                        ping.toBuilder()
                                .setPong(dev.rmb.proto.Pong.getDefaultInstance())
                                .setSource(ping.getDestination())
                                .setDestination(ping.getSource())
                                .setPlain(ByteString.copyFromUtf8("[1,2]hello world"))
                                .build());
    }

    @Test
    void aPongDropsACipherAndHasNoSourceIfThePingHadNoDestination() {
        Envelope pong =
                Envelopes.pongOf(
                        request()
                                .setPing(Ping.getDefaultInstance())
                                .clearDestination()
                                .setCipher(ByteString.copyFromUtf8("secret"))
                                .build());

        assertThat(pong.hasSource()).isFalse();
        assertThat(pong.getPlain().toStringUtf8()).isEqualTo("hello world");
        assertThat(pong.hasCipher()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "4294967295:", "7:日本"})
    void addressesGoThereAndBack(String text) {
        Address address = Address.parse(text);

        assertThat(Envelopes.fromProto(Envelopes.toProto(address))).isEqualTo(address);
    }

    @Test
    void twinZeroIsNoAddress() {
        assertThat(Envelopes.fromProto(dev.rmb.proto.Address.getDefaultInstance())).isNull();
    }
}
