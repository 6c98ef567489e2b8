package dev.rmb.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rmb.broker.BrokerSettings;
import dev.rmb.broker.EmbeddedBroker;
import dev.rmb.server.config.ConfigLoader;
import dev.rmb.standalone.node.Node;
import dev.rmb.standalone.node.RelayConfig;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What balancers and operators read of pods that are not well. */
final class HealthOfClusterTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir Path directory;

    @Test
    @SuppressWarnings("try") // pods and the broker are to end before the test does
    void eachBadConditionHasItsReason() throws Exception {
        EmbeddedBroker broker =
                EmbeddedBroker.start(directory.resolve("broker"), BrokerSettings.onFreePort());
        try (broker;
                Node router = Node.router(config("router-1", broker));
                Node gateway = Node.gateway(config("gateway-1", broker));
                Admin kafka =
                        Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            awaitReady(router);
            awaitReady(gateway);

            router.close();
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(reason(gateway, "routers"))
                                    .contains("this gateway reaches no router"));
            assertThat(status(gateway, "live")).isEqualTo(200);

            kafka.deleteTopics(List.of("rmb.envelopes")).all().get(30, TimeUnit.SECONDS);
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(reason(gateway, "topics"))
                                    .isEqualTo("there is no topic rmb.envelopes any more"));

            broker.close();
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(reason(gateway, "kafka"))
                                    .isEqualTo("Kafka takes no heartbeat of this pod"));
            assertThat(status(gateway, "live")).isEqualTo(200);
        }
    }

    private static void awaitReady(Node node) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(status(node, "ready")).isEqualTo(200));
    }

    private static int status(Node node, String which) throws Exception {
        return ask(node, which).statusCode();
    }

    private static String reason(Node node, String check) throws Exception {
        HttpResponse<String> answer = ask(node, "ready");
        assertThat(answer.statusCode()).isEqualTo(503);
        JsonNode found = JSON.readTree(answer.body()).path("checks").path(check);
        assertThat(found.path("ok").asBoolean(true)).describedAs(answer.body()).isFalse();
        return found.path("reason").asText();
    }

    private static HttpResponse<String> ask(Node node, String which) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://" + node.admin() + "/health/" + which);
            return http.send(
                    HttpRequest.newBuilder(uri).timeout(PATIENCE).build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    /** For either role: each reads its own section. */
    private RelayConfig config(String name, EmbeddedBroker broker) {
        return ConfigLoader.parse(
                """
                gateway: {name: %s, listen: '127.0.0.1:0', links: {cutOff: 1s}}
                router: {name: %s, listen: '127.0.0.1:0', streams: {stateDirectory: '%s', standbys: 0}}
                kafka: {bootstrap.servers: '%s', partitions: 2, replication: 1, acceptWeakReplication: true}
                admin: {listen: '127.0.0.1:0'}
                """
                        .formatted(name, name, directory.resolve(name), broker.bootstrapServers()),
                RelayConfig.class,
                Map.of());
    }
}
