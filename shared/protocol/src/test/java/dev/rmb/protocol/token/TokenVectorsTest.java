package dev.rmb.protocol.token;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rmb.protocol.Vectors;
import dev.rmb.protocol.identity.AccountId;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class TokenVectorsTest {
    static Stream<JsonNode> tokens() {
        return Vectors.of("jwts");
    }

    @ParameterizedTest
    @MethodSource("tokens")
    void tokensOfTheGoClientAreTaken(JsonNode vector) {
        AccountId account = AccountId.of(Vectors.bytes(vector, "account"));
        // The file writes an absent session id as an empty one.
        String sid = vector.get("sid").textValue();

        UnverifiedToken unverified = Tokens.parse(vector.get("token").textValue());
        Token token = unverified.verify(account, 1_795_400_043, 0, 0);

        assertThat(unverified.twin()).isEqualTo(vector.get("twin").longValue());
        assertThat(token.twin()).isEqualTo(vector.get("twin").longValue());
        assertThat(token.connection()).isEqualTo(sid.isEmpty() ? null : sid);
    }
}
