package dev.rmb.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rmb.proto.Envelope;
import dev.rmb.protocol.Address;
import dev.rmb.server.access.Role;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Limits that are changed at one pod and hold at all. */
final class LimitsOfClusterTest {
    private static final String PATH = "/api/v1/limits";
    private static final String PER_TWIN = PATH + "/gateway.sessions.maxPerTwin";
    private static final String MAILBOX = PATH + "/router.delivery.mailboxMessages";
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration SOON = Duration.ofSeconds(1);

    @TempDir static Path directory;
    private static TestCluster cluster;

    @BeforeAll
    static void start() throws Exception {
        cluster = new TestCluster(directory);
        for (String pod : cluster.pods()) {
            awaitGateways(pod);
        }
    }

    /** The pod has heard of both. */
    private static void awaitGateways(String pod) {
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(pods(cluster.get(pod, PER_TWIN).json()))
                                .containsExactly("gateway-a", "gateway-b"));
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    void anyPodTellsTheLimitsOfAll() throws Exception {
        for (String pod : cluster.pods()) {
            awaitGateways(pod);
            List<JsonNode> all = cluster.all(pod, PATH, "limits", 3);
            assertThat(all).extracting(limit -> limit.path("name").asText()).isSorted();
            assertThat(all)
                    .extracting(limit -> limit.path("name").asText())
                    .doesNotHaveDuplicates();
            assertThat(named(all, "gateway.sessions.max").path("pods"))
                    .hasToString(
                            "[{\"pod\":\"gateway-a\",\"configured\":100000,\"inForce\":100000},"
                                    + "{\"pod\":\"gateway-b\",\"configured\":100000,\"inForce\":100000}]");
            assertThat(pods(named(all, "router.delivery.twinSize")))
                    .containsExactly("router-a", "router-b");
        }
        JsonNode own = cluster.get("router-a", PATH + "?local=true").json();
        assertThat(pods(named(own.path("limits"), "router.delivery.twinSize")))
                .containsExactly("router-a");
    }

    @Test
    void whatIsChangedAtOnePodHoldsAtEachGatewayAlsoAfterARestart() throws Exception {
        var changed = cluster.send("router-a", "PUT", PER_TWIN, "{'value':1,'reason':'flood'}");
        assertThat(changed.status()).isEqualTo(200);
        awaitInForce("gateway-a", 1);
        awaitInForce("gateway-b", 1);
        assertThat(cluster.get("router-b", PER_TWIN).json().path("reason").asText())
                .isEqualTo("flood");
        for (String gateway : List.of("gateway-a", "gateway-b")) {
            try (RawPeer _ = cluster.connect(gateway, 3, "first")) {
                assertThatThrownBy(() -> cluster.connect(gateway, 3, "second"))
                        .hasStackTraceContaining("429");
            }
        }
        cluster.stop("gateway-b");
        cluster.start("gateway-b");
        try (RawPeer _ = cluster.connect("gateway-b", 4, "first")) {
            assertThatThrownBy(() -> cluster.connect("gateway-b", 4, "second"))
                    .hasStackTraceContaining("429");
            assertThat(cluster.send("gateway-a", "DELETE", PER_TWIN, "").status()).isEqualTo(204);
            awaitInForce("gateway-b", 1_000);
            cluster.connect("gateway-b", 4, "second").close();
        }
        assertThat(cluster.get("gateway-b", PER_TWIN).json().has("changed")).isFalse();
    }

    @Test
    void mailboxesKeepToTheirBoundAsItIsNow() throws Exception {
        assertThat(cluster.send("gateway-a", "PUT", MAILBOX, "{'value':2}").status())
                .isEqualTo(200);
        for (String router : List.of("router-a", "router-b")) {
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(inForce(router, MAILBOX)).isEqualTo(2));
        }
        try (RawPeer sender = cluster.connect("gateway-a", 1, "sender")) {
            for (int n = 0; n < 3; n++) {
                sender.send(mail(sender, n));
            }
            Envelope refusal = Envelope.parseFrom(sender.next());
            assertThat(refusal.getUid()).isEqualTo("mail 2");
            assertThat(refusal.getError().getMessage()).isEqualTo("mailbox full");

            assertThat(cluster.send("gateway-a", "DELETE", MAILBOX, "").status()).isEqualTo(204);
            for (String router : List.of("router-a", "router-b")) {
                await().atMost(SOON)
                        .untilAsserted(
                                () -> assertThat(inForce(router, MAILBOX)).isEqualTo(10_000));
            }
            sender.send(mail(sender, 3));
            try (RawPeer receiver = cluster.connect("gateway-b", 30, "away")) {
                for (int n : List.of(0, 1, 3)) {
                    assertThat(Envelope.parseFrom(receiver.next()).getUid()).isEqualTo("mail " + n);
                }
            }
        }
    }

    @Test
    void onlyOperatorsChangeLimits() throws Exception {
        assertThat(cluster.send(Role.VIEWER, "router-a", "GET", PER_TWIN, "").status())
                .isEqualTo(200);
        assertThat(cluster.send(Role.VIEWER, "router-a", "PUT", MAILBOX, "{'value':1}").status())
                .isEqualTo(403);
        assertThat(cluster.send(null, "router-a", "DELETE", MAILBOX, "").status()).isEqualTo(401);
    }

    private static byte[] mail(RawPeer sender, int n) {
        return TestEnvelopes.request(
                sender.address(), new Address(30, "away"), "mail " + n, new byte[10]);
    }

    private static void awaitInForce(String pod, long value) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(inForce(pod, PER_TWIN)).isEqualTo(value));
    }

    private static long inForce(String pod, String path) throws Exception {
        return cluster.get(pod, path + "?local=true")
                .json()
                .path("pods")
                .path(0)
                .path("inForce")
                .asLong(-1);
    }

    private static JsonNode named(Iterable<JsonNode> limits, String name) {
        for (JsonNode limit : limits) {
            if (limit.path("name").asText().equals(name)) {
                return limit;
            }
        }
        throw new AssertionError("there is no " + name);
    }

    private static List<String> pods(JsonNode limit) {
        List<String> pods = new ArrayList<>();
        limit.path("pods").forEach(pod -> pods.add(pod.path("pod").asText()));
        return pods;
    }
}
