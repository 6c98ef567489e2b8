package dev.rmb.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rmb.protocol.Address;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a message is and what became of it, from any pod. */
final class TracesOfClusterTest {
    private static final String PATH = "/api/v1/traces";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir static Path directory;
    private static TestCluster cluster;

    @BeforeAll
    static void start() throws Exception {
        cluster = new TestCluster(directory);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    void aDeliveredMessageIsTracedFromItsAcceptanceToItsConfirmation() throws Exception {
        try (RawPeer sender = cluster.connect("gateway-a", 1, "from");
                RawPeer receiver = cluster.connect("gateway-b", 2, "to")) {
            sender.send(
                    TestEnvelopes.request(
                            sender.address(), receiver.address(), "delivered", new byte[3]));
            var _ = receiver.next();
            for (String pod : cluster.pods()) {
                await().atMost(PATIENCE)
                        .untilAsserted(() -> {
                            JsonNode message = only(pod, "uid=delivered&destination=2:to");
                            assertThat(message.path("state").asText()).isEqualTo("acknowledged");
                            assertThat(message.path("source").asText()).isEqualTo("1:from");
                            assertThat(message.path("events"))
                                    .extracting(e ->
                                            e.path("pod").asText() + " " + e.path("what").asText())
                                    .containsExactlyInAnyOrder(
                                            "gateway-a accepted",
                                            message.path("owner").asText() + " acknowledged");
                        });
            }
        }
    }

    @Test
    void aMessageThatWaitsIsFoundInItsMailboxAndTheReasonIsTold() throws Exception {
        try (RawPeer sender = cluster.connect("gateway-b", 3, null)) {
            sender.send(
                    TestEnvelopes.request(
                            sender.address(), new Address(12, "away"), "waits", new byte[3]));
        }
        for (String pod : cluster.pods()) {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> {
                        JsonNode message = only(pod, "uid=waits&destination=12");
                        assertThat(message.path("destination").asText()).isEqualTo("12:away");
                    });
            await().atMost(PATIENCE)
                    .untilAsserted(() -> {
                        JsonNode message = only(pod, "uid=waits&destination=12:away");
                        assertThat(message.path("state").asText()).isEqualTo("stored");
                        assertThat(message.path("why").asText())
                                .isEqualTo("its address is not connected");
                    });
        }
    }

    @Test
    void aRefusedMessageTellsWhy() throws Exception {
        try (RawPeer sender = cluster.connect("gateway-a", 4, null)) {
            sender.send(
                    TestEnvelopes.request(
                            sender.address(), new Address(4_000, null), "nobody", new byte[3]));
            var _ = sender.next();
        }
        await().atMost(PATIENCE)
                .untilAsserted(() -> {
                    JsonNode message = only("gateway-b", "uid=nobody&destination=4000");
                    assertThat(message.path("events"))
                            .anySatisfy(e -> {
                                assertThat(e.path("what").asText()).isEqualTo("refused");
                                assertThat(e.path("detail").asText()).isEqualTo("unknown twin");
                            });
                });
    }

    @Test
    void whatAGatewayTurnedDownIsKnownThoughItIsNotInTheLog() throws Exception {
        try (RawPeer sender = cluster.connect("gateway-a", 5, null)) {
            sender.send(
                    TestEnvelopes.request(
                            new Address(6, null), new Address(7, null), "forged", new byte[3]));
            var _ = sender.next();
            JsonNode trace = cluster.get("router-b", PATH + "?uid=forged&destination=7").json();
            assertThat(trace.path("messages")).isEmpty();
            assertThat(trace.path("events")).hasSize(1);
            assertThat(trace.path("events").get(0).path("what").asText()).isEqualTo("turned_down");
            assertThat(trace.path("events").get(0).path("detail").asText())
                    .isEqualTo("wrong source");
        }
    }

    @Test
    void anotherTimeRangeFindsItByWhatPodsRememberAndOneNeverSentIsNotFound() throws Exception {
        try (RawPeer sender = cluster.connect("gateway-a", 8, null)) {
            sender.send(
                    TestEnvelopes.request(
                            sender.address(), new Address(9, "x"), "earlier", new byte[3]));
        }
        String never = "&from=2020-01-01T00:00:00Z&to=" + Instant.now().minusSeconds(600);
        await().atMost(PATIENCE)
                .untilAsserted(() -> {
                    JsonNode trace =
                            cluster.get("router-a", PATH + "?uid=earlier&destination=9" + never)
                                    .json();
                    assertThat(trace.path("messages")).hasSize(1);
                });
        JsonNode none = cluster.get("router-a", PATH + "?uid=nothing&destination=9").json();
        assertThat(none.path("messages")).isEmpty();
        assertThat(none.path("searched").path("complete").asBoolean()).isTrue();
    }

    @Test
    void nothingIsBeforeTheFirstTimeThereIs() throws Exception {
        var answer =
                cluster.get("gateway-a", PATH + "?uid=x&destination=7&to=1970-01-01T00:00:00Z");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().path("searched").path("from").asText())
                .isEqualTo("1970-01-01T00:00:00Z");
    }

    @Test
    void whatIsWrongWithARequestIsSaid() throws Exception {
        for (String query :
                List.of(
                        "",
                        "?uid=x",
                        "?destination=7",
                        "?uid=x&destination=q",
                        "?uid=x&destination=7&from=soon",
                        "?uid=x&destination=7&from=%2B1000000000-12-31T23:59:59.999999999Z",
                        "?uid=x&destination=7&from=2030-01-01T00:00:00Z&to=2029-01-01T00:00:00Z",
                        "?uid=x&destination=7&offset=-1")) {
            var answer = cluster.get("gateway-a", PATH + query);
            assertThat(answer.status()).as(query).isEqualTo(400);
            assertThat(answer.type()).isEqualTo("application/problem+json");
        }
    }

    @Test
    void aRelayThatNobodyKnowsCannotBeReset() throws Exception {
        assertThat(cluster.get("gateway-a", "/api/v1/federation").json().path("relays")).isEmpty();
        var answer =
                cluster.send("gateway-a", "POST", "/api/v1/federation/other.example/reset", "");
        assertThat(answer.status()).isEqualTo(404);
        assertThat(cluster.get("router-a", "/api/v1/federation/other.example").status())
                .isEqualTo(404);
    }

    private static JsonNode only(String pod, String query) throws Exception {
        JsonNode trace = cluster.get(pod, PATH + "?" + query).json();
        assertThat(trace.path("messages")).as(trace.toString()).hasSize(1);
        return trace.path("messages").get(0);
    }
}
