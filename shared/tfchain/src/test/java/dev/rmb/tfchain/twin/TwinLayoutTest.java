package dev.rmb.tfchain.twin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rmb.protocol.identity.AccountId;
import dev.rmb.tfchain.Vectors;
import dev.rmb.tfchain.scale.ScaleException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class TwinLayoutTest {
    private static final TwinLayout LAYOUT = new TwinLayout(Vectors.metadata());

    static Stream<JsonNode> twins() {
        return Vectors.of("twins");
    }

    @ParameterizedTest
    @MethodSource("twins")
    void aTwinIsReadAsTheVectorsHaveIt(JsonNode vector) {
        JsonNode fields = vector.path("fields");
        byte[] stored = Vectors.hex(vector.path("scale").asText());

        ChainTwin twin = LAYOUT.twin(stored);

        assertThat(twin.id()).isEqualTo(fields.path("id").asLong());
        assertThat(twin.account()).isEqualTo(AccountId.parse(fields.path("accountId").asText()));
        String relay = twin.relay();
        assertThat(
                        relay == null
                                ? "null"
                                : "0x" + Vectors.hex(relay.getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(fields.path("relay").asText());
        byte[] pk = twin.pk();
        assertThat(pk == null ? "null" : "0x" + Vectors.hex(pk))
                .isEqualTo(fields.path("pk").asText());
    }

    @ParameterizedTest
    @MethodSource("twins")
    void aTwinCutOffAnywhereOrTooLongIsRefused(JsonNode vector) {
        byte[] stored = Vectors.hex(vector.path("scale").asText());

        for (int length = 0; length < stored.length; length++) {
            byte[] cut = Arrays.copyOf(stored, length);
            assertThatThrownBy(() -> LAYOUT.twin(cut)).isInstanceOf(ScaleException.class);
        }
        assertThatThrownBy(() -> LAYOUT.twin(Arrays.copyOf(stored, stored.length + 1)))
                .isInstanceOf(ScaleException.class);
    }

    @Test
    void eventsTellTheTwinsAsTheyAreNow() {
        byte[] events = Vectors.hex(Vectors.at("events").path(0).path("scale").asText());

        assertThat(LAYOUT.events(events))
                .extracting(TwinEvent::id)
                .containsExactly(4294967295L, 100L);
        assertThat(((TwinEvent.Stored) LAYOUT.events(events).get(1)).twin().relay())
                .isEqualTo("r1.example.org_r2.example.org:8080");
    }

    @Test
    void keysAreWhereTheVectorsHaveThem() {
        for (JsonNode vector : Vectors.at("storageKeys")) {
            byte[] key =
                    vector.has("twin")
                            ? LAYOUT.twinKey(vector.path("twin").asLong())
                            : vector.has("account")
                                    ? LAYOUT.idKey(AccountId.parse(vector.path("account").asText()))
                                    : LAYOUT.eventsKey();
            assertThat(Vectors.hex(key)).isEqualTo(vector.path("key").asText());
        }
    }
}
