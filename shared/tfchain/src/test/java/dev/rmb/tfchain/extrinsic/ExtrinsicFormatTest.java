package dev.rmb.tfchain.extrinsic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rmb.protocol.identity.KeyPair;
import dev.rmb.protocol.identity.KeyType;
import dev.rmb.protocol.identity.Signatures;
import dev.rmb.tfchain.Vectors;
import dev.rmb.tfchain.hash.Hashes;
import dev.rmb.tfchain.metadata.Metadata;
import dev.rmb.tfchain.metadata.Value;
import dev.rmb.tfchain.scale.ScaleException;
import dev.rmb.tfchain.scale.ScaleReader;
import dev.rmb.tfchain.scale.ScaleWriter;
import dev.rmb.tfchain.twin.TwinLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

final class ExtrinsicFormatTest {
    private static final Metadata METADATA = Vectors.metadata();
    private static final ExtrinsicFormat FORMAT = new ExtrinsicFormat(METADATA);
    private static final TwinLayout TWINS = new TwinLayout(METADATA);

    static Stream<JsonNode> extrinsics() {
        return Vectors.of("extrinsics");
    }

    @ParameterizedTest
    @MethodSource("extrinsics")
    void anEd25519ExtrinsicIsByteForByteThatOfTheVectors(JsonNode vector) {
        byte[] call = call(vector);
        assertThat(Vectors.hex(call)).isEqualTo(vector.path("callBytes").asText());

        try (var key = KeyPair.of(KeyType.ED25519, vector.path("secret").asText())) {
            byte[] extrinsic = FORMAT.signed(key, call, signing(vector, new Era.Immortal()));
            assertThat(Vectors.hex(extrinsic)).isEqualTo(vector.path("extrinsic").asText());
        }
    }

    private static byte[] call(JsonNode vector) {
        byte[] relay = bytes(vector.path("args").path(0));
        String text = relay == null ? null : new String(relay, StandardCharsets.UTF_8);
        byte[] pk = bytes(vector.path("args").path(1));
        return vector.path("call").asText().equals("createTwin")
                ? TWINS.createCall(text, pk)
                : TWINS.updateCall(text, pk);
    }

    private static byte @Nullable [] bytes(JsonNode argument) {
        return argument.isNull() ? null : Vectors.hex(argument.asText());
    }

    private static Signing signing(JsonNode vector, Era era) {
        byte[] genesis = Vectors.hex(vector.path("genesis").asText());
        return new Signing(
                vector.path("nonce").asLong(),
                vector.path("tip").asLong(),
                vector.path("specVersion").asLong(),
                vector.path("transactionVersion").asLong(),
                genesis,
                era,
                genesis);
    }

    @ParameterizedTest
    @MethodSource("extrinsics")
    void anSr25519ExtrinsicDiffersInItsSignatureAloneWhichHolds(JsonNode vector) {
        byte[] call = call(vector);
        var signing = signing(vector, Era.Mortal.from(64, 42));
        try (var key = KeyPair.of(KeyType.SR25519, vector.path("secret").asText())) {
            var reader = new ScaleReader(FORMAT.signed(key, call, signing));
            assertThat(reader.compactU32()).isEqualTo(reader.remaining());
            assertThat(reader.u8()).isEqualTo(0x84);
            assertThat(reader.u8()).isZero();
            assertThat(reader.bytes(32)).isEqualTo(key.account().bytes());
            assertThat(reader.u8()).isEqualTo(1);
            byte[] signature = reader.bytes(64);
            byte[] extra =
                    new ScaleWriter()
                            .u8(0xa5)
                            .u8(0x02)
                            .compact(signing.nonce())
                            .u8(0)
                            .toByteArray();
            assertThat(reader.bytes(extra.length)).isEqualTo(extra);
            assertThat(reader.bytes(reader.remaining())).isEqualTo(call);
            byte[] payload =
                    new ScaleWriter()
                            .bytes(call)
                            .bytes(extra)
                            .u32(151)
                            .u32(2)
                            .bytes(signing.genesis())
                            .bytes(signing.checkpoint())
                            .toByteArray();
            byte[] typed = new ScaleWriter().u8('s').bytes(signature).toByteArray();
            assertThat(Signatures.verify(key.account(), payload, typed)).isTrue();
        }
    }

    @Test
    void aLongPayloadIsSignedByItsHash() {
        byte[] call = TWINS.updateCall("r".repeat(300), null);
        JsonNode vector = Vectors.at("extrinsics").path(0);
        var signing = signing(vector, new Era.Immortal());
        try (var key = KeyPair.of(KeyType.ED25519, vector.path("secret").asText())) {
            byte[] extrinsic = FORMAT.signed(key, call, signing);
            byte[] payload =
                    new ScaleWriter()
                            .bytes(call)
                            .u8(0)
                            .compact(0)
                            .u8(0)
                            .u32(151)
                            .u32(2)
                            .bytes(signing.genesis())
                            .bytes(signing.genesis())
                            .toByteArray();
            var reader = new ScaleReader(extrinsic);
            reader.skip(2 + 1 + 1 + 32 + 1);
            byte[] typed = new ScaleWriter().u8('e').bytes(reader.bytes(64)).toByteArray();
            assertThat(Signatures.verify(key.account(), Hashes.blake2b256(payload), typed))
                    .isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({"64, 42, a502", "32768, 20000, 4e9c", "4, 3, 3100", "65536, 65535, ffff"})
    void mortalErasHaveTheirKnownForm(long period, long block, String hex) {
        assertThat(Vectors.hex(Era.Mortal.from(period, block).encode())).isEqualTo(hex);
    }

    @Test
    void anEraBeginsAtOrBeforeItsBlock() {
        var era = Era.Mortal.from(64, 1000);
        assertThat(era.birth(1000)).isEqualTo(1000);
        assertThat(era.birth(1063)).isEqualTo(1000);
        assertThat(era.birth(1064)).isEqualTo(1064);
        assertThatThrownBy(() -> new Era.Mortal(63, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Era.Mortal(64, 64))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aBlockWithoutAWordOfATransactionTellsNothingOfIt() {
        assertThatThrownBy(() -> Outcome.of(METADATA, "0x00", List.of()))
                .isInstanceOf(ScaleException.class);
    }

    @Test
    void aFailureHasAName() {
        var none = new Value.Struct(List.of(), List.of());
        assertThat(Outcome.reason(METADATA, new Value.Case("BadOrigin", 2, none)))
                .isEqualTo("BadOrigin");
        byte[] bytes = {3, 25, 26, 0, 0, 0};
        assertThat(Outcome.reason(METADATA, METADATA.types().decode(25, new ScaleReader(bytes))))
                .startsWith("TfgridModule.TwinExists");
        byte[] token = {7, 0};
        assertThat(Outcome.reason(METADATA, METADATA.types().decode(25, new ScaleReader(token))))
                .startsWith("Token.");
    }
}
