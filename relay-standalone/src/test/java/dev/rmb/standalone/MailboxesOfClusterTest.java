package dev.rmb.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rmb.proto.Envelope;
import dev.rmb.server.access.Role;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Partitions, mailboxes and pods: each answer is the same, whichever pod is asked. */
final class MailboxesOfClusterTest {
    private static final String MAILBOXES = "/api/v1/mailboxes";
    private static final String PARTITIONS = "/api/v1/partitions";
    private static final String PODS = "/api/v1/pods";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir static Path directory;
    private static TestCluster cluster;

    @BeforeAll
    static void start() throws Exception {
        cluster = new TestCluster(directory);
        await().atMost(PATIENCE)
                .untilAsserted(() -> {
                    Set<String> owners = new HashSet<>();
                    for (JsonNode p : cluster.all("gateway-a", PARTITIONS, "partitions", 100)) {
                        assertThat(p.path("state").asText()).isEqualTo("serving");
                        assertThat(p.path("standbys")).hasSize(1);
                        owners.add(p.path("owner").asText());
                    }
                    assertThat(owners).containsExactlyInAnyOrder("router-a", "router-b");
                });
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    void anyPodListsAllPartitionsWithOwnerAndStandby() throws Exception {
        for (String pod : cluster.pods()) {
            List<JsonNode> all = cluster.all(pod, PARTITIONS, "partitions", 3);
            assertThat(all)
                    .extracting(p -> p.path("partition").asInt())
                    .containsExactly(0, 1, 2, 3);
            for (JsonNode p : all) {
                assertThat(p.path("standbys").get(0).asText())
                        .isNotEqualTo(p.path("owner").asText());
                assertThat(p.path("standbyLag").path(p.path("standbys").get(0).asText()).isNumber())
                        .isTrue();
                assertThat(p.path("epoch").asLong()).isNotNegative();
                assertThat(
                                cluster.get(pod, PARTITIONS + "/" + p.path("partition"))
                                        .json()
                                        .path("owner"))
                        .isEqualTo(p.path("owner"));
            }
        }
        assertThat(cluster.get("gateway-a", PARTITIONS + "/4").status()).isEqualTo(404);
        assertThat(cluster.get("gateway-a", PARTITIONS + "?cursor=x").status()).isEqualTo(400);
        assertThat(cluster.get("gateway-a", PARTITIONS + "?local=true").json().path("partitions"))
                .isEmpty();
    }

    @Test
    void anyPodListsAllPods() throws Exception {
        for (String pod : cluster.pods()) {
            List<JsonNode> all = cluster.all(pod, PODS, "pods", 3);
            assertThat(all)
                    .extracting(p -> p.path("name").asText())
                    .containsExactly("gateway-a", "gateway-b", "router-a", "router-b");
            assertThat(all).extracting(p -> p.path("state").asText()).containsOnly("serving");
            assertThat(all)
                    .allSatisfy(p -> assertThat(p.path("heapUsedBytes").asLong()).isPositive());
        }
        JsonNode other = cluster.get("router-a", PODS + "/gateway-b").json();
        assertThat(other.path("sessions").isNumber()).isTrue();
        assertThat(cluster.get("router-a", PODS + "/nobody").status()).isEqualTo(404);
    }

    @Test
    void anyPodDrainsAnother() throws Exception {
        var drained = cluster.send("router-a", "POST", PODS + "/gateway-b/drain", "");
        assertThat(drained.status()).isEqualTo(202);
        assertThat(drained.json().path("name").asText()).isEqualTo("gateway-b");
        assertThat(cluster.get("gateway-a", PODS + "/gateway-b").json().path("state").asText())
                .isNotEqualTo("serving");
        assertThat(cluster.send("router-b", "POST", PODS + "/gateway-b/undrain", "").status())
                .isEqualTo(202);
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(
                                        cluster.get("gateway-a", PODS + "/gateway-b")
                                                .json()
                                                .path("state")
                                                .asText())
                                .isEqualTo("serving"));
        var none = cluster.send("gateway-a", "POST", PODS + "/router-a/drain", "");
        assertThat(none.status()).isEqualTo(409);
        assertThat(none.type()).isEqualTo("application/problem+json");
    }

    @Test
    void whatWaitsForWhomCanBeSeenFromAnyPod() throws Exception {
        try (RawPeer sender = cluster.connect("gateway-a", 1, "sender")) {
            for (int twin = 11; twin <= 20; twin++) {
                for (int n = 0; n < twin - 9; n++) {
                    sender.send(mail(sender, twin, "away", n));
                }
            }
        }
        for (String pod : cluster.pods()) {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> {
                        List<JsonNode> all = ours(cluster.all(pod, MAILBOXES, "mailboxes", 3));
                        assertThat(all)
                                .extracting(m -> m.path("id").asText())
                                .containsExactly(
                                        "11:away", "12:away", "13:away", "14:away", "15:away",
                                        "16:away", "17:away", "18:away", "19:away", "20:away");
                        assertThat(all)
                                .extracting(m -> m.path("messages").asInt())
                                .containsExactly(2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
                    });
        }
        await().atMost(PATIENCE)
                .untilAsserted(() -> {
                    List<JsonNode> deepest =
                            ours(
                                    cluster.all(
                                            "gateway-b",
                                            MAILBOXES + "?order=depth",
                                            "mailboxes",
                                            4));
                    assertThat(deepest)
                            .extracting(m -> m.path("twin").asInt())
                            .containsExactly(20, 19, 18, 17, 16, 15, 14, 13, 12, 11);
                });
        List<JsonNode> oldest =
                ours(cluster.all("router-b", MAILBOXES + "?order=age", "mailboxes", 3));
        assertThat(oldest).hasSize(10);
        assertThat(oldest).extracting(m -> Instant.parse(m.path("oldest").asText())).isSorted();

        for (String pod : cluster.pods()) {
            List<JsonNode> headers =
                    cluster.all(pod, MAILBOXES + "/15:away/messages", "messages", 4);
            assertThat(headers)
                    .extracting(m -> m.path("uid").asText())
                    .containsExactly("m0", "m1", "m2", "m3", "m4", "m5");
            assertThat(headers.getFirst().path("source").asText()).isEqualTo("1:sender");
            assertThat(headers.toString()).doesNotContain("cGF5bG9hZA").doesNotContain("payload");
        }
    }

    @Test
    void aMailboxIsExportedLineByLineOrRaw() throws Exception {
        try (RawPeer sender = cluster.connect("gateway-a", 2, "sender")) {
            for (int n = 0; n < 600; n++) {
                sender.send(mail(sender, 30, "x/y z", n));
            }
        }
        String id = "30:x~2fy~20z";
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(
                                        cluster.get("gateway-a", MAILBOXES + "/" + id)
                                                .json()
                                                .path("messages")
                                                .asInt())
                                .isEqualTo(600));
        for (String pod : cluster.pods()) {
            var lines = cluster.get(pod, MAILBOXES + "/" + id + "/export");
            assertThat(lines.type()).startsWith("application/x-ndjson");
            List<String> each = lines.text().lines().toList();
            assertThat(each).hasSize(600);
            JsonNode last =
                    new com.fasterxml.jackson.databind.ObjectMapper().readTree(each.getLast());
            assertThat(
                            Envelope.parseFrom(
                                            Base64.getDecoder()
                                                    .decode(last.path("envelope").asText()))
                                    .getUid())
                    .isEqualTo("m599");

            ByteBuffer raw =
                    ByteBuffer.wrap(
                            cluster.get(pod, MAILBOXES + "/" + id + "/export?format=raw").bytes());
            int count = 0;
            while (raw.hasRemaining()) {
                byte[] envelope = new byte[raw.getInt()];
                raw.get(envelope);
                assertThat(Envelope.parseFrom(envelope).getUid()).isEqualTo("m" + count++);
            }
            assertThat(count).isEqualTo(600);
        }
        var refused =
                cluster.send(
                        Role.OPERATOR, "gateway-a", "GET", MAILBOXES + "/" + id + "/export", "");
        assertThat(refused.status()).isEqualTo(403);
    }

    @Test
    void anyPodEmptiesAMailboxAndRequestersAreTold() throws Exception {
        try (RawPeer sender = cluster.connect("gateway-a", 3, "sender")) {
            for (int n = 0; n < 300; n++) {
                sender.send(mail(sender, 31, null, n));
            }
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(
                                            cluster.get("gateway-b", MAILBOXES + "/31")
                                                    .json()
                                                    .path("messages")
                                                    .asInt())
                                    .isEqualTo(300));

            var refused =
                    cluster.send(Role.VIEWER, "gateway-b", "POST", MAILBOXES + "/31/purge", "");
            assertThat(refused.status()).isEqualTo(403);
            var purged =
                    cluster.send(Role.OPERATOR, "gateway-b", "POST", MAILBOXES + "/31/purge", "");

            assertThat(purged.status()).isEqualTo(200);
            assertThat(purged.json().path("messages").asInt()).isEqualTo(300);
            for (int n = 0; n < 300; n++) {
                Envelope told = Envelope.parseFrom(sender.next());
                assertThat(told.getError().getMessage())
                        .isEqualTo("removed by the relay's operator");
            }
            assertThat(cluster.get("gateway-b", MAILBOXES + "/31").json().path("messages").asInt())
                    .isZero();
        }
    }

    @Test
    void mailOfATwinThatHasLeftIsDecidedOnAnewWhenAnOperatorSaysSo() throws Exception {
        String mailbox = MAILBOXES + "/32:box";
        try (RawPeer sender = cluster.connect("gateway-a", 3, "decider")) {
            for (int n = 0; n < 20; n++) {
                sender.send(mail(sender, 32, "box", n));
            }
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(depth(mailbox)).isEqualTo(20));
            // Nobody is sent there: it is refused at once.
            cluster.moves(32, "127.0.0.1:9");
            String decide = mailbox + "/decide";
            assertThat(cluster.send(Role.VIEWER, "gateway-b", "POST", decide, "").status())
                    .isEqualTo(403);

            await().atMost(PATIENCE)
                    .untilAsserted(() -> {
                        var answer = cluster.send(Role.OPERATOR, "gateway-b", "POST", decide, "");
                        assertThat(answer.status()).isEqualTo(202);
                        assertThat(answer.json().path("twin").asLong()).isEqualTo(32);
                        assertThat(answer.json().path("pod").asText()).startsWith("router-");
                        assertThat(depth(mailbox)).isZero();
                    });

            for (int n = 0; n < 20; n++) {
                assertThat(Envelope.parseFrom(sender.next()).getError().getMessage())
                        .isEqualTo("no usable relay is set for this twin");
            }
        }
    }

    private static int depth(String mailbox) throws Exception {
        return cluster.get("gateway-b", mailbox).json().path("messages").asInt();
    }

    @Test
    void whatIsWrongWithARequestIsSaid() throws Exception {
        for (String path :
                List.of(
                        "?order=size",
                        "?cursor=00",
                        "?cursor=zz",
                        "?order=depth&cursor=zz",
                        "?order=age&cursor=0123456789abcdef.zz",
                        "?local=banana",
                        "?limit=0",
                        "?order=twin&limit=9999",
                        "/x",
                        "/0",
                        "/7:~zz",
                        "/7:~e4",
                        "/7/messages?cursor=x",
                        "/7/export?format=xml")) {
            for (String pod : List.of("gateway-a", "router-a")) {
                var answer = cluster.get(pod, MAILBOXES + path);
                assertThat(answer.status()).as(path).isEqualTo(400);
                assertThat(answer.type()).as(path).isEqualTo("application/problem+json");
            }
        }
        for (String path :
                List.of(
                        PARTITIONS + "?cursor=-5",
                        PARTITIONS + "?cursor=999999",
                        PODS + "?cursor=garbage",
                        "/api/v1/sessions?cursor=garbage",
                        "/api/v1/bans?cursor=garbage",
                        "/api/v1/limits?cursor=garbage",
                        "/api/v1/federation?cursor=garbage",
                        "/api/v1/federation?local=banana")) {
            var answer = cluster.get("gateway-a", path);
            assertThat(answer.status()).as(path).isEqualTo(400);
            assertThat(answer.type()).as(path).isEqualTo("application/problem+json");
        }
        for (String path : List.of(MAILBOXES, PARTITIONS, PODS, "/api/v1/sessions")) {
            assertThat(cluster.send(null, "gateway-a", "GET", path, "").status()).isEqualTo(401);
            assertThat(cluster.send(Role.VIEWER, "gateway-a", "GET", path, "").status())
                    .isEqualTo(200);
        }
    }

    private static List<JsonNode> ours(List<JsonNode> mailboxes) {
        return mailboxes.stream()
                .filter(m -> m.path("connection").asText().equals("away"))
                .toList();
    }

    private static byte[] mail(RawPeer from, long twin, String connection, int n) {
        return TestEnvelopes.request(
                from.address(),
                new dev.rmb.protocol.Address(twin, connection),
                "m" + n,
                "payload".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
}
