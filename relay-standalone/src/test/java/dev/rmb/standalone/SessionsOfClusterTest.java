package dev.rmb.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SessionsOfClusterTest {
    private static final String PATH = "/api/v1/sessions";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir static Path directory;
    private static TestCluster cluster;

    private final List<RawPeer> peers = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        cluster = new TestCluster(directory);
        // Heartbeats of all have reached all.
        for (String pod : cluster.pods()) {
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(cluster.get(pod, PATH).json().path("sessions")).isEmpty());
        }
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @AfterEach
    void disconnect() throws Exception {
        for (RawPeer peer : peers) {
            peer.close();
        }
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(cluster.get("gateway-a", PATH).json().path("sessions"))
                                .isEmpty());
    }

    @Test
    void anyPodListsTheSessionsOfAllInPagesThatRepeatAndOmitNothing() throws Exception {
        for (int twin = 1; twin <= 25; twin++) {
            connect(twin % 2 == 0 ? "gateway-a" : "gateway-b", twin, "c" + twin);
        }
        for (String pod : cluster.pods()) {
            List<JsonNode> all = cluster.all(pod, PATH, "sessions", 7);
            assertThat(all).extracting(s -> s.path("twin").asInt()).isSorted();
            assertThat(all).extracting(s -> s.path("id").asText()).doesNotHaveDuplicates();
            assertThat(all).hasSize(25);
            assertThat(all)
                    .allSatisfy(s ->
                            assertThat(s.path("pod").asText())
                                    .isEqualTo(
                                            s.path("twin").asInt() % 2 == 0
                                                    ? "gateway-a"
                                                    : "gateway-b"));
        }
        assertThat(cluster.all("gateway-a", PATH + "?local=true", "sessions", 100)).hasSize(12);
        assertThat(cluster.all("router-a", PATH + "?local=true", "sessions", 100)).isEmpty();
    }

    @Test
    void aSessionTellsWhereItIsFromAndWhatItHasMoved() throws Exception {
        RawPeer sender = connect("gateway-a", 1, "from");
        RawPeer receiver = connect("gateway-b", 2, "to");
        byte[] there =
                TestEnvelopes.request(sender.address(), receiver.address(), "1", new byte[10]);
        sender.send(there);
        assertThat(receiver.next()).isEqualTo(there);

        JsonNode from = only("router-b", 1);
        assertThat(from.path("address").asText()).isEqualTo("1:from");
        assertThat(from.path("connection").asText()).isEqualTo("from");
        assertThat(from.path("transport").asText()).isEqualTo("websocket");
        assertThat(from.path("remote").asText()).isEqualTo("127.0.0.1");
        assertThat(Instant.parse(from.path("since").asText()))
                .isBefore(Instant.now().plusSeconds(1));
        assertThat(from.path("received").path("messages").asLong()).isEqualTo(1);
        assertThat(from.path("received").path("bytes").asLong()).isEqualTo(there.length);
        assertThat(from.path("delivered").path("messages").asLong()).isZero();
        await().atMost(PATIENCE)
                .untilAsserted(() -> {
                    JsonNode to = only("router-b", 2);
                    assertThat(to.path("delivered").path("messages").asLong()).isEqualTo(1);
                    assertThat(to.path("delivered").path("bytes").asLong()).isEqualTo(there.length);
                    assertThat(to.path("unconfirmed").asLong()).isZero();
                    assertThat(to.has("lastPong")).isTrue();
                });
        String id = from.path("id").asText();
        assertThat(cluster.get("gateway-b", PATH + "/" + id).json().path("address").asText())
                .isEqualTo("1:from");
    }

    @Test
    void anyPodDisconnectsASession() throws Exception {
        RawPeer peer = connect("gateway-a", 3, null);
        String id = only("gateway-b", 3).path("id").asText();

        var done = cluster.send("router-a", "POST", PATH + "/" + id + "/disconnect", "");

        assertThat(done.status()).isEqualTo(204);
        assertThat(peer.closed()).succeedsWithin(PATIENCE);
        var again = cluster.send("router-a", "POST", PATH + "/" + id + "/disconnect", "");
        assertThat(again.status()).isEqualTo(404);
        assertThat(cluster.get("router-a", PATH + "/" + id).status()).isEqualTo(404);
    }

    @Test
    void whatIsWrongWithARequestIsSaid() throws Exception {
        for (String query :
                List.of(
                        "?limit=0",
                        "?limit=1001",
                        "?limit=x",
                        "?cursor=zz",
                        "?twin=0",
                        "?twin=x")) {
            var answer = cluster.get("gateway-a", PATH + query);
            assertThat(answer.status()).as(query).isEqualTo(400);
            assertThat(answer.type()).isEqualTo("application/problem+json");
            assertThat(answer.detail()).isNotEmpty();
        }
        assertThat(cluster.get("gateway-a", PATH + "/xyz").status()).isEqualTo(400);
        var unknown = cluster.get("gateway-a", PATH + "/1234");
        assertThat(unknown.status()).isEqualTo(404);
        assertThat(unknown.type()).isEqualTo("application/problem+json");
    }

    private RawPeer connect(String gateway, long twin, String connection) throws Exception {
        RawPeer peer = cluster.connect(gateway, twin, connection);
        peers.add(peer);
        return peer;
    }

    private static JsonNode only(String pod, long twin) throws Exception {
        JsonNode list = cluster.get(pod, PATH + "?twin=" + twin).json();
        assertThat(list.path("sessions")).hasSize(1);
        return list.path("sessions").get(0);
    }
}
