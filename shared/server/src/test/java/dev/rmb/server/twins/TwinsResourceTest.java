package dev.rmb.server.twins;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import dev.rmb.broker.BrokerSettings;
import dev.rmb.broker.EmbeddedBroker;
import dev.rmb.kafka.KafkaSettings;
import dev.rmb.kafka.TopicSetup;
import dev.rmb.kafka.TopicSpec;
import dev.rmb.server.admin.AdminClient;
import dev.rmb.server.admin.AdminConfig;
import dev.rmb.server.admin.AdminServer;
import dev.rmb.server.config.HostPort;
import dev.rmb.twins.RelayDomains;
import java.nio.file.Path;
import java.time.Duration;
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

final class TwinsResourceTest {
    private static final String PATH = "/api/v1/twins";
    private static final String PK = "0x02" + "cd".repeat(32);

    @TempDir static Path data;

    private static EmbeddedBroker broker;

    private OpenTwins twins;
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
        var topic = new TopicSpec(kafka.name("twins"), 1, Map.of("cleanup.policy", "compact"));
        new TopicSetup(kafka, Duration.ofSeconds(30)).ensure(List.of(topic));
        twins = new RegistryTwinsSource().open(kafka, new MetricRegistry());
        server =
                AdminServer.trustingThisMachine(
                        AdminConfig.on(HostPort.parse("127.0.0.1:0")), new MetricRegistry());
        server.register(new TwinsResource(twins, RelayDomains.of(List.of())));
        server.start();
        client = new AdminClient(server.address());
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
        twins.close();
    }

    @Test
    void aCreatedTwinIsFoundAtItsLocation() throws Exception {
        var created =
                client.send(
                        "POST",
                        PATH,
                        "{'id':7,'account':'%s','relay':'r.example.org','pk':'%s'}"
                                .formatted(account(7), PK));

        assertThat(created.status()).isEqualTo(201);
        assertThat(created.location()).endsWith(PATH + "/7");
        String body =
                "{\"id\":7,\"account\":\"%s\",\"relay\":\"r.example.org\",\"pk\":\"%s\"}"
                        .formatted(account(7), PK);
        assertThat(created.text()).isEqualTo(body);
        var found = client.get(PATH + "/7");
        assertThat(found.status()).isEqualTo(200);
        assertThat(found.text()).isEqualTo(body);
    }

    @Test
    void anIdIsGivenWhereNoneIsAskedFor() throws Exception {
        create(40);

        var created = client.send("POST", PATH, "{'account':'%s'}".formatted(account(1)));

        assertThat(created.text())
                .isEqualTo("{\"id\":41,\"account\":\"%s\"}".formatted(account(1)));
    }

    @Test
    void aNewTwinLivesOnThisRelayUnlessItsRequestSaysOtherwise() throws Exception {
        try (var other =
                AdminServer.trustingThisMachine(
                        AdminConfig.on(HostPort.parse("127.0.0.1:0")), new MetricRegistry())) {
            other.register(
                    new TwinsResource(
                            twins, RelayDomains.of(List.of("a.example.org", "b.example.org"))));
            other.start();
            try (var here = new AdminClient(other.address())) {
                assertThat(relayOf(here, "{'account':'%s'}".formatted(account(1))))
                        .isEqualTo("a.example.org_b.example.org");
                assertThat(relayOf(here, "{'account':'%s','relay':'c'}".formatted(account(2))))
                        .isEqualTo("c");
                assertThat(relayOf(here, "{'account':'%s','relay':null}".formatted(account(3))))
                        .isEmpty();
            }
        }
    }

    private static String relayOf(AdminClient here, String body) throws Exception {
        var created = here.send("POST", PATH, body);
        assertThat(created.status()).isEqualTo(201);
        return created.json().path("relay").asText();
    }

    @Test
    void whatIsTakenIsAConflict() throws Exception {
        create(1);
        create(2);

        var id = client.send("POST", PATH, "{'id':1,'account':'%s'}".formatted(account(9)));
        assertThat(id.status()).isEqualTo(409);
        assertThat(id.detail()).isEqualTo("twin 1 exists");
        var account = client.send("POST", PATH, "{'account':'%s'}".formatted(account(1)));
        assertThat(account.status()).isEqualTo(409);
        assertThat(account.detail()).contains("is twin 1");
        var moved = client.send("PATCH", PATH + "/2", "{'account':'%s'}".formatted(account(1)));
        assertThat(moved.status()).isEqualTo(409);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[]                                 | must be a JSON object",
                "{'id':7}                           | account is missing",
                "{'account':'0x12'}                 | account: ",
                "{'account':5}                      | account must be a text",
                "{'account':'ACCOUNT','id':0}       | id must be a whole number",
                "{'account':'ACCOUNT','id':'7'}     | id must be a whole number",
                "{'account':'ACCOUNT','id':4294967296} | id must be a whole number",
                "{'account':'ACCOUNT','pk':'0x00'}  | 33 bytes",
                "{'account':'ACCOUNT','pk':'zz'}    | hex digits",
                "{'account':'ACCOUNT','relay':'_'}  | domains",
                "{'account':'ACCOUNT','rely':'x'}   | there is no field 'rely'",
            })
    void aBadTwinIsRefusedWithTheReason(String body, String reason) throws Exception {
        var answer = client.send("POST", PATH, body.replace("ACCOUNT", account(1)));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.type()).startsWith("application/problem+json");
        assertThat(answer.detail()).contains(reason);
        assertThat(client.get(PATH).json().path("twins")).isEmpty();
    }

    @Test
    void patchChangesWhatItNamesAndPutAll() throws Exception {
        create(7);
        String at = PATH + "/7";

        var patched = client.send("PATCH", at, "{'relay':'r.example.org','pk':'" + PK + "'}");
        assertThat(patched.status()).isEqualTo(200);
        assertThat(client.send("PATCH", at, "{'relay':null}").text())
                .isEqualTo("{\"id\":7,\"account\":\"%s\",\"pk\":\"%s\"}".formatted(account(7), PK));
        assertThat(client.send("PUT", at, "{'account':'%s'}".formatted(account(8))).text())
                .isEqualTo("{\"id\":7,\"account\":\"%s\"}".formatted(account(8)));
        assertThat(client.get(at).json().path("account").asText()).isEqualTo(account(8));
        assertThat(client.send("PATCH", at, "{'id':8}").detail()).isEqualTo("a twin keeps its id");
        assertThat(client.send("PUT", at, "{'relay':'x'}").detail())
                .startsWith("account is missing");
        assertThat(client.send("PATCH", at, "{'relay':'a b'}").status()).isEqualTo(400);
    }

    @Test
    void aDeletedTwinIsGone() throws Exception {
        create(7);

        assertThat(client.send("DELETE", PATH + "/7", "").status()).isEqualTo(204);

        assertThat(client.get(PATH + "/7").status()).isEqualTo(404);
        assertThat(client.send("DELETE", PATH + "/7", "").status()).isEqualTo(404);
        assertThat(client.send("PATCH", PATH + "/7", "{}").status()).isEqualTo(404);
    }

    @Test
    void theListIsReadPageByPage() throws Exception {
        for (int id = 1; id <= 5; id++) {
            create(id);
        }

        var first = client.get(PATH + "?limit=3").json();
        assertThat(first.path("twins").findValuesAsText("id")).containsExactly("1", "2", "3");
        var second = client.get(PATH + "?limit=3&cursor=" + first.path("next").asText()).json();
        assertThat(second.path("twins").findValuesAsText("id")).containsExactly("4", "5");
        assertThat(second.has("next")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "?limit=0, limit",
        "?limit=1001, limit",
        "?limit=x, limit",
        "?cursor=-1, cursor",
        "/0, id",
        "/x, id",
        "/4294967296, id"
    })
    void numbersOutOfRangeAreNamed(String suffix, String name) throws Exception {
        var answer = client.get(PATH + suffix);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.detail()).startsWith(name + " must be a whole number");
    }

    private void create(int id) throws Exception {
        var created =
                client.send("POST", PATH, "{'id':%d,'account':'%s'}".formatted(id, account(id)));
        assertThat(created.status()).isEqualTo(201);
    }

    private static String account(int number) {
        return "0x" + "%02x".formatted(number).repeat(32);
    }
}
