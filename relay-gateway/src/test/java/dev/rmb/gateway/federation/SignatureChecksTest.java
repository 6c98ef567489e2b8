package dev.rmb.gateway.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rmb.protocol.identity.AccountId;
import dev.rmb.server.config.ConfigLoader;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class SignatureChecksTest {
    @Test
    void envelopesOfExistingPeersAreTheirsAndNobodyElses() throws IOException {
        try (var checks = checks("")) {
            int tried = 0;
            for (JsonNode vector : vectors()) {
                byte[] envelope = bytes(vector, "envelope");
                byte[] account = bytes(vector, "account");
                assertThat(check(checks, envelope, account)).isEqualTo(Answer.ACCEPTED);
                account[0] ^= 1;
                assertThat(check(checks, envelope, account)).isEqualTo(Answer.WRONG_SIGNATURE);
                tried++;
            }
            assertThat(tried).isEqualTo(120);
        }
    }

    @Test
    void whatFindsNoPlaceInTheQueueMayComeAgain() throws Exception {
        JsonNode vector = vectors().get(0);
        byte[] envelope = bytes(vector, "envelope");
        AccountId account = AccountId.of(bytes(vector, "account"));
        try (var checks = checks("queue: 1")) {
            List<CompletableFuture<Answer>> asked = new ArrayList<>();
            // Asking takes less time than checking does.
            await().pollInterval(Duration.ZERO)
                    .until(() -> {
                        asked.add(checks.check(envelope, account).toCompletableFuture());
                        return asked.getLast().getNow(Answer.ACCEPTED) == Answer.BUSY;
                    });
            CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
                    .get(10, TimeUnit.SECONDS);
            assertThat(asked)
                    .extracting(CompletableFuture::join)
                    .containsOnly(Answer.ACCEPTED, Answer.BUSY);
            assertThat(check(checks, envelope, bytes(vector, "account")))
                    .isEqualTo(Answer.ACCEPTED);
        }
    }

    private static Answer check(SignatureChecks checks, byte[] envelope, byte[] account) {
        return checks.check(envelope, AccountId.of(account)).toCompletableFuture().join();
    }

    private static SignatureChecks checks(String yaml) {
        return new SignatureChecks(
                "test", ConfigLoader.parse(yaml, FederationSettings.class, Map.of()));
    }

    private static JsonNode vectors() throws IOException {
        try (InputStream json =
                Objects.requireNonNull(
                        SignatureChecksTest.class.getResourceAsStream("/vectors/envelopes.json"))) {
            return new ObjectMapper().readTree(json).get("envelopes");
        }
    }

    private static byte[] bytes(JsonNode entry, String field) {
        return HexFormat.of().parseHex(entry.get(field).textValue());
    }
}
