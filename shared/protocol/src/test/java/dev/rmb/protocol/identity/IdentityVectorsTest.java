package dev.rmb.protocol.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rmb.protocol.Vectors;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class IdentityVectorsTest {
    static Stream<JsonNode> identities() {
        return Vectors.of("identities");
    }

    /** Made with polkadot-js: where others differ from it, {@link KeyPairTest} says so. */
    static Stream<JsonNode> secretUris() {
        return Vectors.of("secret-uris");
    }

    static Stream<Arguments> derivations() {
        return identities()
                .flatMap(identity ->
                        StreamSupport.stream(identity.get("derived").spliterator(), false)
                                .map(derived ->
                                        Arguments.of(identity.get("secret").textValue(), derived)));
    }

    @ParameterizedTest
    @MethodSource("identities")
    void theMiniSecretIsTheSame(JsonNode vector) {
        byte[] miniSecret = SecretUri.parse(vector.get("secret").textValue()).miniSecret();

        assertThat(miniSecret).isEqualTo(Vectors.bytes(vector, "miniSecret"));
    }

    @ParameterizedTest
    @MethodSource("derivations")
    void theDerivedAccountIsTheSame(String secret, JsonNode derived) {
        var type = KeyType.valueOf(derived.get("keyType").textValue().toUpperCase(Locale.ROOT));
        AccountId expected = AccountId.of(Vectors.bytes(derived, "account"));
        byte[] message = {1, 2, 3};

        try (var pair = KeyPair.of(type, secret + derived.get("uri").textValue())) {
            assertThat(pair.account()).isEqualTo(expected);
            assertThat(pair.account().ss58()).isEqualTo(derived.get("ss58").textValue());
            assertThat(AccountId.parse(derived.get("ss58").textValue())).isEqualTo(expected);
            assertThat(Signatures.verify(expected, message, pair.sign(message))).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("secretUris")
    void oddSecretUrisAreReadAlike(JsonNode vector) {
        var type = KeyType.valueOf(vector.get("keyType").textValue().toUpperCase(Locale.ROOT));
        String secret = vector.get("secret").textValue();
        if (vector.has("refused")) {
            assertThatThrownBy(() -> KeyPair.of(type, secret))
                    .isInstanceOf(InvalidSecretException.class);
            return;
        }

        try (var pair = KeyPair.of(type, secret)) {
            assertThat(pair.account()).isEqualTo(AccountId.of(Vectors.bytes(vector, "account")));
            assertThat(pair.account().ss58()).isEqualTo(vector.get("ss58").textValue());
            assertThat(
                            Signatures.verify(
                                    pair.account(),
                                    Vectors.bytes(vector, "message"),
                                    Vectors.bytes(vector, "signature")))
                    .isTrue();
        }
    }
}
