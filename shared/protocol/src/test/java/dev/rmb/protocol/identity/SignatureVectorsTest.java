package dev.rmb.protocol.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rmb.protocol.Vectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class SignatureVectorsTest {
    static Stream<JsonNode> signatures() {
        return Vectors.of("signatures");
    }

    @ParameterizedTest
    @MethodSource("signatures")
    void theVerdictIsTheSame(JsonNode vector) {
        boolean verified =
                Signatures.verify(
                        AccountId.of(Vectors.bytes(vector, "account")),
                        Vectors.bytes(vector, "message"),
                        Vectors.bytes(vector, "signature"));

        assertThat(verified)
                .as(vector.get("why").textValue())
                .isEqualTo(vector.get("valid").booleanValue());
    }
}
