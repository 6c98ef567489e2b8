package dev.rmb.protocol.encryption;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rmb.protocol.Vectors;
import dev.rmb.protocol.identity.EncryptionKey;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class CipherVectorsTest {
    static Stream<JsonNode> ciphers() {
        return Vectors.of("ciphers");
    }

    static Stream<JsonNode> identities() {
        return Vectors.of("identities");
    }

    @ParameterizedTest
    @MethodSource("identities")
    void thePublicKeyIsTheSame(JsonNode vector) {
        try (var key = EncryptionKey.of(vector.get("secret").textValue())) {
            assertThat(key.publicKey()).isEqualTo(Vectors.bytes(vector, "secp256k1Public"));
        }
    }

    @ParameterizedTest
    @MethodSource("ciphers")
    void theReceiverDecryptsWhatTheGoClientEncrypted(JsonNode vector) {
        try (var receiver = EncryptionKey.of(vector.get("toMnemonic").textValue())) {
            var cipher = PayloadCipher.between(receiver, Vectors.bytes(vector, "fromPk"));

            assertThat(receiver.publicKey()).isEqualTo(Vectors.bytes(vector, "toPk"));
            assertThat(cipher.decrypt(Vectors.bytes(vector, "cipher")))
                    .isEqualTo(Vectors.bytes(vector, "plain"));
        }
    }

    @ParameterizedTest
    @MethodSource("ciphers")
    void theSenderEncryptsToTheSameBytesUnderTheSameNonce(JsonNode vector) {
        byte[] expected = Vectors.bytes(vector, "cipher");
        byte[] nonce = Arrays.copyOf(expected, PayloadCipher.NONCE_BYTES);

        try (var sender = EncryptionKey.of(vector.get("fromMnemonic").textValue())) {
            var cipher = PayloadCipher.between(sender, Vectors.bytes(vector, "toPk"));

            assertThat(cipher.encrypt(Vectors.bytes(vector, "plain"), nonce)).isEqualTo(expected);
        }
    }
}
