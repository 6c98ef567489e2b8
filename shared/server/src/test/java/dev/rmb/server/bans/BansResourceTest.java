package dev.rmb.server.bans;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import dev.rmb.broker.BrokerSettings;
import dev.rmb.broker.EmbeddedBroker;
import dev.rmb.cluster.bans.BanTopic;
import dev.rmb.cluster.settings.SettingsTopic;
import dev.rmb.kafka.KafkaSettings;
import dev.rmb.kafka.TopicSetup;
import dev.rmb.kafka.TopicSpec;
import dev.rmb.server.admin.AdminClient;
import dev.rmb.server.admin.AdminConfig;
import dev.rmb.server.admin.AdminServer;
import dev.rmb.server.config.HostPort;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class BansResourceTest {
    private static final String PATH = "/api/v1/bans";

    @TempDir static Path data;

    private static EmbeddedBroker broker;

    private SettingsTopic settings;
    private BanTopic topic;
    private AdminServer server;
    private AdminClient client;

    @BeforeAll
    static void startBroker() {
        broker = EmbeddedBroker.start(data, BrokerSettings.onFreePort());
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @BeforeEach
    void start() {
        var kafka =
                new KafkaSettings(
                        broker.bootstrapServers(), UUID.randomUUID() + ".", 1, 1, Map.of());
        String name = kafka.name("settings");
        new TopicSetup(kafka, Duration.ofSeconds(30))
                .ensure(List.of(new TopicSpec(name, 1, Map.of("cleanup.policy", "compact"))));
        settings = new SettingsTopic(kafka, name, "test");
        topic = new BanTopic(settings, Clock.systemUTC());
        settings.start();
        server =
                AdminServer.trustingThisMachine(
                        AdminConfig.on(HostPort.parse("127.0.0.1:0")), new MetricRegistry());
        server.register(new BansResource(topic, Clock.systemUTC()));
        server.start();
        client = new AdminClient(server.address());
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
        settings.close();
    }

    @Test
    void aBanIsMadeFoundChangedAndTakenBack() throws Exception {
        var made = client.send("POST", PATH, "{'remote':'10.0.0.0/8','reason':'floods'}");
        assertThat(made.status()).isEqualTo(201);
        assertThat(made.location()).endsWith(PATH + "/remote:10.0.0.0/8");
        assertThat(topic.bans().all()).hasSize(1);

        var found = client.get(PATH + "/remote:10.0.0.0/8");
        assertThat(found.json().path("reason").asText()).isEqualTo("floods");
        assertThat(found.json().path("remote").asText()).isEqualTo("10.0.0.0/8");
        assertThat(found.json().has("since")).isTrue();
        assertThat(found.json().has("expires")).isFalse();

        var changed =
                client.send(
                        "PUT", PATH + "/remote:10.0.0.0/8", "{'expires':'2099-01-01T00:00:00Z'}");
        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.json().path("expires").asText()).isEqualTo("2099-01-01T00:00:00Z");
        assertThat(changed.json().has("reason")).isFalse();

        assertThat(client.send("DELETE", PATH + "/remote:10.0.0.0/8", "").status()).isEqualTo(204);
        assertThat(client.get(PATH + "/remote:10.0.0.0/8").status()).isEqualTo(404);
        assertThat(client.send("DELETE", PATH + "/remote:10.0.0.0/8", "").status()).isEqualTo(404);
        assertThat(topic.bans().all()).isEmpty();
    }

    @Test
    void whoIsBannedAlreadyIsAConflict() throws Exception {
        assertThat(client.send("POST", PATH, "{'twin':7}").status()).isEqualTo(201);

        var again = client.send("POST", PATH, "{'twin':7}");

        assertThat(again.status()).isEqualTo(409);
        assertThat(again.detail()).contains("twin:7 is banned already");
        assertThat(again.type()).startsWith("application/problem+json");
    }

    @Test
    void theListHasPages() throws Exception {
        for (int twin = 1; twin <= 5; twin++) {
            assertThat(client.send("PUT", PATH + "/twin:" + twin, "{}").status()).isEqualTo(200);
        }

        List<Long> twins = new ArrayList<>();
        String cursor = "";
        int pages = 0;
        do {
            var page = client.get(PATH + "?limit=2&cursor=" + cursor).json();
            page.path("bans").forEach(ban -> twins.add(ban.path("twin").asLong()));
            cursor = page.path("next").asText();
            pages++;
        } while (!cursor.isEmpty() && pages < 10);

        assertThat(twins).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(pages).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | a ban needs a twin or a remote",
                "[] | must be a JSON object",
                "{'twin':7,'remote':'10.0.0.1'} | not both",
                "{'twin':'7'} | twin must be a whole number",
                "{'twin':0} | twin must be 1 to",
                "{'twin':7.5} | twin must be a whole number",
                "{'remote':7} | remote must be a text",
                "{'remote':'nowhere.example'} | is no address or range",
                "{'remote':'0.0.0.0/0'} | would ban everybody",
                "{'remote':'10.0.0.1/8'} | write 10.0.0.0/8",
                "{'twin':7,'until':'x'} | there is no field 'until'",
                "{'twin':7,'expires':'tomorrow'} | expires must be a time",
                "{'twin':7,'expires':'+1000000000-12-31T23:59:59Z'} | expires must be a time",
                "{'twin':7,'expires':'2001-01-01T00:00:00Z'} | is over already",
            })
    void whatIsNoBanIsRefused(String body, String detail) throws Exception {
        var refused = client.send("POST", PATH, body);

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.detail()).contains(detail);
    }

    @Test
    void aKafkaThatDoesNotAnswerIsSaidWithinTenSeconds() throws Exception {
        // Takes connections, and says nothing: as a broker that was stopped in the midst.
        try (var frozen = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                var away =
                        new SettingsTopic(
                                new KafkaSettings(
                                        "127.0.0.1:" + frozen.getLocalPort(), "x.", 1, 1, Map.of()),
                                "x.settings",
                                "frozen");
                var port =
                        AdminServer.trustingThisMachine(
                                AdminConfig.on(HostPort.parse("127.0.0.1:0")),
                                new MetricRegistry())) {
            port.register(
                    new BansResource(new BanTopic(away, Clock.systemUTC()), Clock.systemUTC()));
            away.start();
            port.start();
            try (var operator = new AdminClient(port.address())) {
                long begun = System.nanoTime();

                var answer = operator.send("POST", PATH, "{'twin':7}");

                assertThat(answer.status()).isEqualTo(503);
                assertThat(answer.detail()).contains("it may still be made");
                assertThat(Duration.ofNanos(System.nanoTime() - begun))
                        .isLessThan(Duration.ofSeconds(10));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"garbage", "twin:007", "remote:10.0.0.1/8", "twin:"})
    void whatIsNoPlaceAmongBansIsRefused(String cursor) throws Exception {
        var refused = client.get(PATH + "?cursor=" + cursor);

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.type()).isEqualTo("application/problem+json");
        assertThat(refused.detail()).contains("leave it out to begin anew");
    }

    @ParameterizedTest
    @CsvSource({"GET,/everybody", "DELETE,/twin:0", "PUT,/remote:10.0.0.1/8", "GET,?limit=0"})
    void whatIsNoIdIsRefused(String method, String path) throws Exception {
        assertThat(client.send(method, PATH + path, method.equals("PUT") ? "{}" : "").status())
                .isEqualTo(400);
    }
}
