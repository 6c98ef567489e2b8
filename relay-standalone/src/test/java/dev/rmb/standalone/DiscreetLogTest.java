package dev.rmb.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log at its most talkative. */
final class DiscreetLogTest {
    private static final String PAYLOAD = "for nobody else's eyes";
    private static final String TALKATIVE =
            "{dev.rmb: trace, org.apache.kafka.clients: trace, io.netty: trace, io.grpc: trace,"
                    + " org.glassfish.jersey: trace, io.dropwizard: trace}";

    @TempDir Path directory;

    @Test
    void payloadsAndSecretsAreNeverLoggedButUidsAndSessionsAre() throws Exception {
        byte[] payload = PAYLOAD.getBytes(StandardCharsets.UTF_8);
        try (RelayProcess relay = up()) {
            TestTwins.register(relay.admin(), TestTwins.write(directory.resolve("twins.jsonl"), 2));
            try (RawPeer sender = TestTwins.connect(relay.ws(), 1, null);
                    RawPeer receiver = TestTwins.connect(relay.ws(), 2, null)) {
                byte[] sent =
                        TestEnvelopes.request(
                                sender.address(), receiver.address(), "uid-to-follow", payload);
                sender.send(sent);
                assertThat(receiver.next()).isEqualTo(sent);
            }
            assertThat(status(relay, "Bearer rmb_a-wrong-token")).isEqualTo(401);
            assertThat(relay.terminate()).isZero();

            // Not with assertions that would print all of it.
            String log = relay.log();
            assertThat(log.contains("{\"uid\":\"uid-to-follow\"}")).as("the uid").isTrue();
            assertThat(log.contains("by test (admin) from 127.0.0.1: 201 done"))
                    .as("the audit log")
                    .isTrue();
            assertThat(log.contains(PAYLOAD)).as("a payload").isFalse();
            assertThat(log.contains(HexFormat.of().formatHex(payload))).as("in digits").isFalse();
            assertThat(log.contains("rmb_")).as("a token of the admin port").isFalse();
            assertThat(log.contains("eyJ")).as("a client's token").isFalse();
        }
    }

    private RelayProcess up() throws Exception {
        return RelayProcess.start(
                directory.resolve("relay.log"),
                Map.of(
                        "RMB_ADMIN_TOKENS",
                        RelayProcess.tokens(),
                        "RMB_LOGGING_LOGGERS",
                        TALKATIVE,
                        "RMB_LOGGING_FORMAT",
                        "json"),
                "up",
                "--data",
                directory.resolve("data").toString(),
                "--listen",
                "127.0.0.1:0",
                "--admin",
                "127.0.0.1:0");
    }

    private static int status(RelayProcess relay, String authorization) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                            HttpRequest.newBuilder(URI.create(relay.admin() + "/api/v1/bans"))
                                    .timeout(Duration.ofSeconds(30))
                                    .header("Authorization", authorization)
                                    .build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        }
    }
}
