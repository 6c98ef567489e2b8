package dev.rmb.tfchain.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rmb.tfchain.Vectors;
import dev.rmb.tfchain.scale.ScaleException;
import dev.rmb.tfchain.scale.ScaleReader;
import dev.rmb.tfchain.scale.ScaleWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class MetadataTest {
    private static final Metadata METADATA = Vectors.metadata();
    private static final byte[] BYTES = Vectors.metadataBytes();

    /** However the bytes lie, an answer comes within this. */
    private static final Duration AT_ONCE = Duration.ofSeconds(5);

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 200);
    }

    static Stream<JsonNode> storageKeys() {
        return Vectors.of("storageKeys");
    }

    @Test
    void theIndicesAreThoseOfTheVectors() {
        assertThat(METADATA.palletIndex("TfgridModule"))
                .isEqualTo(Vectors.at("palletIndex").asInt());
        for (var event : Vectors.at("eventIndex").properties()) {
            assertThat(METADATA.event("TfgridModule", event.getKey()).index())
                    .isEqualTo(event.getValue().asInt());
        }
        for (var call : Vectors.at("callIndex").properties()) {
            assertThat(METADATA.call("TfgridModule", call.getKey()).index())
                    .isEqualTo(call.getValue().asInt());
        }
    }

    @Test
    void transactionsCarryWhatTheChainSays() {
        assertThat(METADATA.extrinsicVersion()).isEqualTo(4);
        assertThat(METADATA.signedExtensions().stream().map(SignedExtension::name))
                .containsExactly(
                        "CheckNonZeroSender",
                        "CheckSpecVersion",
                        "CheckTxVersion",
                        "CheckGenesis",
                        "CheckMortality",
                        "CheckNonce",
                        "CheckWeight",
                        "ChargeTransactionPayment");
    }

    @ParameterizedTest
    @MethodSource("storageKeys")
    void storageKeysAreThoseOfTheVectors(JsonNode vector) {
        StorageItem item =
                METADATA.storage(vector.path("pallet").asText(), vector.path("item").asText());
        byte[] key;
        if (vector.has("twin")) {
            key = item.at(new ScaleWriter().u32(vector.path("twin").asLong()).toByteArray());
        } else if (vector.has("account")) {
            key = item.at(Vectors.hex(vector.path("account").asText()));
        } else {
            key = item.at();
        }

        assertThat(Vectors.hex(key)).isEqualTo(vector.path("key").asText());
    }

    @Test
    void whatTheChainDoesNotHaveIsNamed() {
        assertThatThrownBy(() -> METADATA.storage("Nowhere", "Twins"))
                .isInstanceOf(MetadataException.class)
                .hasMessage("the chain has no pallet Nowhere");
        assertThatThrownBy(() -> METADATA.storage("TfgridModule", "Twens"))
                .hasMessage("the chain has no storage TfgridModule.Twens");
        assertThatThrownBy(() -> METADATA.call("TfgridModule", "make_twin"))
                .hasMessage("the chain has no call TfgridModule.make_twin");
        assertThatThrownBy(() -> METADATA.event("TfgridModule", "TwinSold"))
                .hasMessage("the chain has no event TfgridModule.TwinSold");
    }

    @Test
    void errorsHaveNames() {
        assertThat(METADATA.errorName(25, 26)).startsWith("TfgridModule.TwinExists");
        assertThat(METADATA.errorName(0, 1)).startsWith("System.SpecVersionNeedsToIncrease (");
        assertThat(METADATA.errorName(25, 255)).isEqualTo("error 255 of TfgridModule");
        assertThat(METADATA.errorName(99, 1)).isEqualTo("error 1 of pallet 99");
    }

    @Test
    void anotherVersionOrNoMetadataIsSaidSo() {
        byte[] other = BYTES.clone();
        other[4] = 15;
        assertThatThrownBy(() -> Metadata.parse(other))
                .isInstanceOf(ScaleException.class)
                .hasMessageContaining("version 15");
        other[0] = 'M';
        assertThatThrownBy(() -> Metadata.parse(other)).hasMessageContaining("'meta'");
        assertThatThrownBy(() -> Metadata.parse(new byte[0])).isInstanceOf(ScaleException.class);
        assertThatThrownBy(() -> Metadata.parse(Arrays.copyOf(BYTES, BYTES.length + 1)))
                .hasMessageContaining("more than expected");
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void cutOffMetadataIsRefused(long seed) {
        int length = new SplittableRandom(seed).nextInt(BYTES.length);

        assertThatThrownBy(() -> Metadata.parse(Arrays.copyOf(BYTES, length)))
                .isInstanceOf(ScaleException.class);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void spoiltMetadataAndSpoiltEventsEndInAnAnswerOrAClearError(long seed) {
        var random = new SplittableRandom(seed);
        byte[] metadata = spoilt(BYTES, random);
        byte[] events = spoilt(events(), random);

        Assertions.assertTimeoutPreemptively(
                AT_ONCE,
                () -> {
                    try {
                        var unused = Metadata.parse(metadata).events(events, (p, n) -> true);
                    } catch (ScaleException | MetadataException e) {
                        assertThat(e.getMessage()).isNotBlank();
                    }
                    try {
                        var unused = METADATA.events(events, (p, n) -> true);
                    } catch (ScaleException e) {
                        assertThat(e.getMessage()).isNotBlank();
                    }
                });
    }

    private static byte[] spoilt(byte[] bytes, SplittableRandom random) {
        byte[] spoilt = bytes.clone();
        int changes = random.nextInt(1, 20);
        for (int i = 0; i < changes; i++) {
            spoilt[random.nextInt(spoilt.length)] = (byte) random.nextInt();
        }
        return spoilt;
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void noiseOfAnyTypeEndsInAValueOrAClearErrorAndIsSkippedAlike(long seed) {
        var random = new SplittableRandom(seed);
        byte[] noise = new byte[random.nextInt(600)];
        random.nextBytes(noise);
        TypeRegistry types = METADATA.types();

        for (int type = 0; type < types.size(); type++) {
            var decoding = new ScaleReader(noise);
            var skipping = new ScaleReader(noise);
            boolean decoded = succeeds(types, type, decoding, true);
            boolean skipped = succeeds(types, type, skipping, false);
            // Texts are not looked into while skipping; all else must agree.
            if (decoded) {
                assertThat(skipped).isTrue();
                assertThat(skipping.position()).isEqualTo(decoding.position());
            }
        }
    }

    private static boolean succeeds(
            TypeRegistry types, int type, ScaleReader reader, boolean decode) {
        try {
            if (decode) {
                var unused = types.decode(type, reader);
            } else {
                types.skip(type, reader);
            }
            return true;
        } catch (ScaleException e) {
            return false;
        }
    }

    @Test
    void aListOfNothingsHasAnEnd() {
        var types =
                new TypeRegistry(
                        List.of(
                                type(new TypeDef.Tuple(List.of())),
                                type(new TypeDef.Sequence(0)),
                                type(new TypeDef.Array(0xFFFF_FFFFL, 0)),
                                type(new TypeDef.Tuple(List.of(3)))));
        byte[] many = new ScaleWriter().compact(0xFFFF_FFFFL).toByteArray();

        assertThatThrownBy(() -> types.skip(1, new ScaleReader(many)))
                .isInstanceOf(ScaleException.class)
                .hasMessageContaining("values");
        assertThatThrownBy(() -> types.decode(2, new ScaleReader(many)))
                .isInstanceOf(ScaleException.class)
                .hasMessageContaining("values");
        assertThatThrownBy(() -> types.decode(3, new ScaleReader(many)))
                .isInstanceOf(ScaleException.class)
                .hasMessageContaining("deep");
        assertThatThrownBy(() -> types.isEmpty(3)).hasMessageContaining("contains itself");
    }

    @Test
    void typesThatAreMadeOfEachOtherManyTimesAreLookedIntoOnce() {
        List<TypeRegistry.Type> doubling = new ArrayList<>();
        for (int next = 1; next <= 60; next++) {
            doubling.add(type(new TypeDef.Tuple(List.of(next, next))));
        }
        doubling.add(type(new TypeDef.Tuple(List.of())));
        var types = new TypeRegistry(doubling);

        boolean empty = Assertions.assertTimeoutPreemptively(AT_ONCE, () -> types.isEmpty(0));
        assertThat(empty).isTrue();
    }

    @Test
    void metadataLargerThanAnyChainsIsNotReadAtAll() {
        byte[] huge = Arrays.copyOf(BYTES, 5 << 20);

        assertThatThrownBy(() -> Metadata.parse(huge))
                .isInstanceOf(ScaleException.class)
                .hasMessageStartingWith("metadata of more than ");
    }

    private static TypeRegistry.Type type(TypeDef definition) {
        return new TypeRegistry.Type(List.of(), Map.of(), definition);
    }

    @Test
    void anEventIsFoundAmongOthers() {
        List<ChainEvent> all = METADATA.events(events(), (pallet, name) -> true);
        assertThat(all.stream().map(event -> event.pallet() + "." + event.name()))
                .containsExactly("TfgridModule.TwinStored", "TfgridModule.TwinUpdated");
        assertThat(all.stream().map(ChainEvent::extrinsic)).containsExactly(0L, 1L);

        List<ChainEvent> one =
                METADATA.events(events(), (pallet, name) -> name.equals("TwinUpdated"));
        assertThat(one).hasSize(1);
        assertThat(one.get(0).fields().field(0).asStruct().field("id").asLong()).isEqualTo(100);
    }

    private static byte[] events() {
        return Vectors.hex(Vectors.at("events").path(0).path("scale").asText());
    }
}
