package dev.rmb.protocol.envelope;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.rmb.proto.Envelope;
import dev.rmb.protocol.Vectors;
import dev.rmb.protocol.identity.AccountId;
import dev.rmb.protocol.identity.KeyPair;
import dev.rmb.protocol.identity.KeyType;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class EnvelopeVectorsTest {
    static Stream<JsonNode> envelopes() {
        return Vectors.of("envelopes");
    }

    @ParameterizedTest
    @MethodSource("envelopes")
    void theChallengeIsTheSame(JsonNode vector) throws InvalidProtocolBufferException {
        Envelope envelope = Envelope.parseFrom(Vectors.bytes(vector, "envelope"));

        assertThat(Challenge.of(envelope)).isEqualTo(Vectors.bytes(vector, "challenge"));
    }

    @ParameterizedTest
    @MethodSource("envelopes")
    void theSignatureHoldsAndSoDoesOurOwn(JsonNode vector) throws InvalidProtocolBufferException {
        Envelope envelope = Envelope.parseFrom(Vectors.bytes(vector, "envelope"));
        AccountId account = AccountId.of(Vectors.bytes(vector, "account"));
        var type = KeyType.valueOf(vector.get("keyType").textValue().toUpperCase(Locale.ROOT));

        assertThat(Envelopes.verify(envelope, account)).isTrue();
        try (var pair = KeyPair.of(type, vector.get("mnemonic").textValue())) {
            assertThat(pair.account()).isEqualTo(account);
            Envelope signed = Envelopes.sign(envelope.toBuilder(), pair);
            assertThat(Envelopes.verify(signed, account)).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("envelopes")
    void theHeaderIsTheSame(JsonNode vector) {
        EnvelopeHeader header = EnvelopeHeader.scan(Vectors.bytes(vector, "envelope"));

        assertThat(header.uid()).isEqualTo(vector.get("uid").textValue());
        assertThat(header.kind().name())
                .isEqualTo(vector.get("kind").textValue().toUpperCase(Locale.ROOT));
        assertThat(header.sourceTwin()).isEqualTo(vector.get("source").longValue());
        assertThat(header.sourceConnection()).isEqualTo(vector.get("sourceConnection").textValue());
        assertThat(header.destinationTwin()).isEqualTo(vector.get("destination").longValue());
        assertThat(header.destinationConnection())
                .isEqualTo(vector.get("destinationConnection").textValue());
    }
}
