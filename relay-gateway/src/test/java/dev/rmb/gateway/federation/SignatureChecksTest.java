package dev.rmb.gateway.federation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rmb.protocol.identity.AccountId;
import dev.rmb.server.config.ConfigLoader;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

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
            var begun = new CountDownLatch(1);
            var go = new CountDownLatch(1);
            // Holds the only thread up: what follows a check runs on it.
            List<CompletionStage<Void>> holding = new ArrayList<>();
            holding.add(
                    checks.check(envelope, account)
                            .thenAccept(_ -> {
                                begun.countDown();
                                awaitQuietly(go);
                            }));
            begun.await();
            CompletionStage<Answer> queued = checks.check(envelope, account);

            assertThat(checks.check(envelope, account).toCompletableFuture())
                    .isCompletedWithValue(Answer.BUSY);
            go.countDown();
            assertThat(queued.toCompletableFuture().join()).isEqualTo(Answer.ACCEPTED);
            assertThat(holding).hasSize(1);
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

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
