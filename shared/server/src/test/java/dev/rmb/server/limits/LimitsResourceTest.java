package dev.rmb.server.limits;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import com.fasterxml.jackson.databind.JsonNode;
import dev.rmb.broker.BrokerSettings;
import dev.rmb.broker.EmbeddedBroker;
import dev.rmb.cluster.limits.Limit;
import dev.rmb.cluster.limits.LimitKind;
import dev.rmb.cluster.limits.LimitTopic;
import dev.rmb.cluster.settings.SettingsTopic;
import dev.rmb.kafka.KafkaSettings;
import dev.rmb.kafka.TopicSetup;
import dev.rmb.kafka.TopicSpec;
import dev.rmb.server.access.AccessToken;
import dev.rmb.server.access.KnownToken;
import dev.rmb.server.access.Role;
import dev.rmb.server.admin.AdminClient;
import dev.rmb.server.admin.AdminConfig;
import dev.rmb.server.admin.AdminServer;
import dev.rmb.server.config.ConfigLoader;
import dev.rmb.server.peers.Peers;
import dev.rmb.testing.LogLines;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LimitsResourceTest {
    private static final String PATH = "/api/v1/limits";
    private static final LimitKind MESSAGES = LimitKind.count("a.messages");
    private static final LimitKind SIZE = LimitKind.bytesFrom(1024, "a.size");
    private static final LimitKind ELSEWHERE = LimitKind.countFrom(1, "b.addresses");

    @TempDir static Path data;

    private static EmbeddedBroker broker;

    private final Map<Role, AccessToken> tokens = new EnumMap<>(Role.class);
    private final Peers peers = new Peers("pod-1", List::of, Optional.empty());
    private SettingsTopic settings;
    private Limit messages;
    private Limit size;
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
        LimitTopic topic = new LimitTopic(settings);
        messages = topic.limits().add(MESSAGES, 600);
        size = topic.limits().add(SIZE, 2048);
        settings.start();
        for (Role role : Role.values()) {
            tokens.put(role, AccessToken.random(new SecureRandom()));
        }
        server = AdminServer.guarded(config(), new MetricRegistry());
        server.register(
                new LimitsResource(
                        List.of(ELSEWHERE, SIZE, MESSAGES), topic, peers, Clock.systemUTC()));
        server.start();
        client = as(Role.OPERATOR);
    }

    private AdminConfig config() {
        String known =
                tokens.entrySet().stream()
                        .map(token -> {
                            KnownToken each =
                                    token.getValue()
                                            .known(token.getKey().toString(), token.getKey());
                            return "{name: %s, role: %s, hash: '%s'}"
                                    .formatted(each.name(), each.role(), each.hash());
                        })
                        .collect(Collectors.joining(", "));
        return ConfigLoader.parse(
                "{listen: '127.0.0.1:0', tokens: [%s]}".formatted(known),
                AdminConfig.class,
                Map.of());
    }

    private AdminClient as(Role role) {
        return new AdminClient(server.address(), Objects.requireNonNull(tokens.get(role)).secret());
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
        peers.close();
        settings.close();
    }

    @Test
    void whatIsNoPlaceAmongLimitsIsRefused() throws Exception {
        var refused = client.get(PATH + "?cursor=garbage");

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.detail()).contains("leave it out to begin anew");
    }

    @Test
    void aLimitIsChangedSeenAndTakenBack() throws Exception {
        var changed = client.send("PUT", PATH + "/a.messages", "{'value':7,'reason':'flood'}");
        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.json().path("changed").asLong()).isEqualTo(7);
        assertThat(messages.inForce()).isEqualTo(7);

        JsonNode found = client.get(PATH + "/a.messages").json();
        assertThat(found.path("name").asText()).isEqualTo("a.messages");
        assertThat(found.path("unit").asText()).isEqualTo("count");
        assertThat(found.path("reason").asText()).isEqualTo("flood");
        assertThat(found.has("since")).isTrue();
        assertThat(found.path("least").asLong()).isZero();
        assertThat(found.path("most").asLong()).isEqualTo(Integer.MAX_VALUE);
        assertThat(found.path("pods"))
                .hasToString("[{\"pod\":\"pod-1\",\"configured\":600,\"inForce\":7}]");

        var again = client.send("PUT", PATH + "/a.messages", "{'value':0}");
        assertThat(again.json().has("reason")).isFalse();
        assertThat(messages.inForce()).isZero();

        assertThat(client.send("DELETE", PATH + "/a.messages", "").status()).isEqualTo(204);
        assertThat(messages.inForce()).isEqualTo(600);
        assertThat(client.get(PATH + "/a.messages").json().has("changed")).isFalse();
        var nothing = client.send("DELETE", PATH + "/a.messages", "");
        assertThat(nothing.status()).isEqualTo(404);
        assertThat(nothing.detail()).contains("a.messages is not changed");
    }

    @Test
    void sizesMayBeWrittenAsInTheConfiguration() throws Exception {
        assertThat(client.send("PUT", PATH + "/a.size", "{'value':'64KiB'}").status())
                .isEqualTo(200);
        assertThat(size.inForce()).isEqualTo(65_536);
        assertThat(client.send("PUT", PATH + "/a.size", "{'value':4096}").status()).isEqualTo(200);
        assertThat(size.inForce()).isEqualTo(4_096);
    }

    @Test
    void aLimitOfOtherPodsIsChangedHereToo() throws Exception {
        var changed = client.send("PUT", PATH + "/b.addresses", "{'value':5}");

        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.json().path("changed").asLong()).isEqualTo(5);
        assertThat(changed.json().path("pods")).isEmpty();
    }

    @Test
    void theListHasPages() throws Exception {
        List<String> names = new ArrayList<>();
        String cursor = "";
        int pages = 0;
        do {
            JsonNode page = client.get(PATH + "?limit=2&cursor=" + cursor).json();
            page.path("limits").forEach(limit -> names.add(limit.path("name").asText()));
            cursor = page.path("next").asText();
            pages++;
        } while (!cursor.isEmpty() && pages < 10);

        assertThat(names).containsExactly("a.messages", "a.size", "b.addresses");
        assertThat(pages).isEqualTo(2);
        assertThat(client.get(PATH + "?limit=0").status()).isEqualTo(400);
    }

    @Test
    void whoMaySeeMayNotChange() throws Exception {
        try (AdminClient viewer = as(Role.VIEWER);
                AdminClient admin = as(Role.ADMIN);
                AdminClient nobody = new AdminClient(server.address())) {
            assertThat(viewer.get(PATH).status()).isEqualTo(200);
            assertThat(viewer.get(PATH + "/a.size").status()).isEqualTo(200);
            var refused = viewer.send("PUT", PATH + "/a.size", "{'value':4096}");
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.detail()).contains("this needs the role operator");
            assertThat(viewer.send("DELETE", PATH + "/a.size", "").status()).isEqualTo(403);
            assertThat(size.inForce()).isEqualTo(2_048);
            assertThat(admin.send("PUT", PATH + "/a.size", "{'value':4096}").status())
                    .isEqualTo(200);
            assertThat(nobody.get(PATH).status()).isEqualTo(401);
            assertThat(nobody.send("PUT", PATH + "/a.size", "{'value':1}").status()).isEqualTo(401);
        }
    }

    @Test
    void eachChangeIsALineOfTheAuditLog() throws Exception {
        try (LogLines audit = LogLines.of("dev.rmb.audit")) {
            client.send("PUT", PATH + "/a.messages", "{'value':7,'reason':'no secret'}");
            client.send("PUT", PATH + "/a.messages", "{'value':-1}");
            client.send("DELETE", PATH + "/a.messages", "");

            assertThat(audit.all())
                    .containsExactly(
                            "PUT /api/v1/limits/a.messages by operator (operator) from 127.0.0.1:"
                                    + " 200 done: value 7",
                            "PUT /api/v1/limits/a.messages by operator (operator) from 127.0.0.1:"
                                    + " 400 refused",
                            "DELETE /api/v1/limits/a.messages by operator (operator) from"
                                    + " 127.0.0.1: 204 done");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a.messages | [] | must be a JSON object",
                "a.messages | {} | must be a whole number from 0 to 2147483647; 0 is no limit",
                "a.messages | {'value':null} | must be a whole number from 0",
                "a.messages | {'value':-1} | must be a whole number from 0",
                "a.messages | {'value':2147483648} | must be a whole number from 0 to 2147483647",
                "a.messages | {'value':7.5} | must be a whole number",
                "a.messages | {'value':'7'} | must be a whole number",
                "a.messages | {'value':99999999999999999999} | must be a whole number",
                "a.messages | {'value':7,'until':'x'} | there is no field 'until'; known are reason",
                "a.messages | {'value':7,'reason':7} | reason must be a text",
                "a.size | {'value':1023} | text such as \"64MiB\", from 1024 to",
                "a.size | {'value':'much'} | must be bytes",
                "a.size | {'value':'99999999999TiB'} | must be bytes",
                "b.addresses | {'value':0} | from 1 to 2147483647",
            })
    void whatIsNoValueIsRefusedWithWhatWouldBe(String name, String body, String detail)
            throws Exception {
        var refused = client.send("PUT", PATH + "/" + name, body);

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.detail()).contains(detail);
        assertThat(refused.type()).startsWith("application/problem+json");
        assertThat(messages.inForce()).isEqualTo(600);
    }

    @Test
    void aReasonThatIsTooLongIsRefused() throws Exception {
        String body = "{'value':7,'reason':'" + "x".repeat(501) + "'}";

        assertThat(client.send("PUT", PATH + "/a.messages", body).detail())
                .contains("at most 500 characters");
    }

    @ParameterizedTest
    @CsvSource({"GET", "PUT", "DELETE"})
    void whatIsNoLimitIsNotFoundAndThoseThereAreAreNamed(String method) throws Exception {
        var answer =
                client.send(method, PATH + "/a.colour", method.equals("PUT") ? "{'value':1}" : "");

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.detail()).contains("a.messages, a.size, b.addresses");
    }
}
