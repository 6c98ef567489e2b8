package dev.rmb.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.rmb.server.admin.AdminConfig;
import dev.rmb.server.kafka.KafkaConfig;
import io.dropwizard.util.DataSize;
import jakarta.validation.constraints.Max;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConfigLoaderTest {
    private static final String KAFKA = "kafka: {bootstrap.servers: 'b1:9092,b2:9092'}\n";

    @TempDir Path directory;

    record RelayConfig(GatewayConfig gateway, KafkaConfig kafka, AdminConfig admin) {}

    record GatewayConfig(
            @JsonProperty(defaultValue = "127.0.0.1:8080") HostPort listen,
            @JsonProperty(defaultValue = "60s") Duration silence,
            @JsonProperty(defaultValue = "16MiB") DataSize maxFrame,
            @JsonProperty(defaultValue = "100") @Max(1000) int maxSessions,
            @JsonProperty(defaultValue = "[localhost]") List<String> domains,
            @Nullable TlsConfig tls,
            Map<String, Integer> weights,
            @JsonProperty(defaultValue = "[{type: websocket}]") List<EdgeConfig> edges) {}

    record TlsConfig(Path certificate, Path key) {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    @JsonSubTypes({@JsonSubTypes.Type(WebSocket.class), @JsonSubTypes.Type(Tcp.class)})
    interface EdgeConfig {}

    @JsonTypeName("websocket")
    record WebSocket(@JsonProperty(defaultValue = "false") boolean deflate) implements EdgeConfig {}

    @JsonTypeName("tcp")
    record Tcp(HostPort listen) implements EdgeConfig {}

    @Test
    void anAlmostEmptyFileGivesTheDefaults() {
        RelayConfig process = parse(KAFKA);

        assertThat(process)
                .isEqualTo(
                        new RelayConfig(
                                new GatewayConfig(
                                        new HostPort("127.0.0.1", 8080),
                                        Duration.ofSeconds(60),
                                        DataSize.mebibytes(16),
                                        100,
                                        List.of("localhost"),
                                        null,
                                        Map.of(),
                                        List.of(new WebSocket(false))),
                                new KafkaConfig(
                                        "b1:9092,b2:9092", "rmb.", 64, 3, false, false, Map.of()),
                                AdminConfig.on(new HostPort("127.0.0.1", 8081))));
    }

    @Test
    void everyKindOfValueIsRead() {
        RelayConfig process =
                parse(
                        """
                        gateway:
                          listen: "[::1]:9000"
                          silence: 500ms
                          maxFrame: 64KiB
                          maxSessions: 7
                          domains: [a.example, b.example]
                          tls: {certificate: /c.pem, key: /k.pem}
                          weights: {a: 1, b: 2}
                          edges:
                            - type: tcp
                              listen: 127.0.0.1:9001
                            - type: websocket
                              deflate: true
                        kafka:
                          bootstrap.servers: b:1
                          prefix: "test-"
                          partitions: 4
                          replication: 1
                          acceptWeakReplication: true
                          fsync: true
                          security.protocol: SSL
                          retries: 7
                        admin: {listen: "localhost:0"}
                        """);

        assertThat(process.gateway())
                .isEqualTo(
                        new GatewayConfig(
                                new HostPort("::1", 9000),
                                Duration.ofMillis(500),
                                DataSize.kibibytes(64),
                                7,
                                List.of("a.example", "b.example"),
                                new TlsConfig(Path.of("/c.pem"), Path.of("/k.pem")),
                                Map.of("a", 1, "b", 2),
                                List.of(
                                        new Tcp(new HostPort("127.0.0.1", 9001)),
                                        new WebSocket(true))));
        assertThat(process.kafka().properties())
                .isEqualTo(Map.of("security.protocol", "SSL", "retries", "7"));
        assertThat(process.kafka().settings().partitions()).isEqualTo(4);
        assertThat(process.admin().listen()).isEqualTo(new HostPort("localhost", 0));
    }

    @Test
    void allProblemsAreReportedAtOnceEachWithItsPath() {
        assertThat(
                        problems(
                                """
                                gatevay: {}
                                gateway:
                                  lisen: 127.0.0.1:1
                                  listen: 127.0.0.1
                                  silence: 5 parsecs
                                  maxFrame: big
                                  maxSessions: 1001
                                  domains: one
                                  tls: {certificate: /c.pem}
                                  weights: {a: heavy}
                                  edges:
                                    - type: wbsocket
                                    - {}
                                    - type: tcp
                                      listn: 127.0.0.1:1
                                kafka:
                                  partitions: many
                                  securty.protocol: SSL
                                admin: loopback
                                """))
                .containsExactly(
                        "gatevay: there is no such setting; did you mean gateway?",
                        "gateway.lisen: there is no such setting; did you mean listen?",
                        "gateway.listen: '127.0.0.1' has no port: write host:port, such as"
                                + " 127.0.0.1:8080",
                        "gateway.silence: '5 parsecs' is not a duration such as 500ms, 5s or 2m",
                        "gateway.maxFrame: 'big' is not a size such as 64KiB or 16MiB",
                        "gateway.maxSessions: must be less than or equal to 1000",
                        "gateway.domains: must be a list",
                        "gateway.tls.key: is required",
                        "gateway.weights.a: 'heavy' is not a whole number",
                        "gateway.edges[0].type: 'wbsocket' is none of tcp, websocket; did you mean"
                                + " websocket?",
                        "gateway.edges[1].type: is required: one of tcp, websocket",
                        "gateway.edges[2].listn: there is no such setting; did you mean listen?",
                        "gateway.edges[2].listen: is required",
                        "kafka.securty.protocol: there is no such setting; did you mean"
                                + " security.protocol?",
                        "kafka.bootstrap.servers: is required",
                        "kafka.partitions: 'many' is not a whole number within 32 bits",
                        "admin: must be a section with keys of its own");
    }

    @Test
    void valuesOutOfBoundsAreReportedInEverySection() {
        assertThat(
                        problems(
                                """
                                gateway: {maxSessions: 1001}
                                kafka: {bootstrap.servers: b:1, partitions: 0, replication: 0, prefix: "a b"}
                                """))
                .containsExactlyInAnyOrder(
                        "gateway.maxSessions: must be less than or equal to 1000",
                        "kafka.partitions: must be greater than or equal to 1",
                        "kafka.replication: must be greater than or equal to 1",
                        "kafka.prefix: may only have letters, digits, '.', '_' and '-', at most 100"
                                + " of them");
    }

    @Test
    void rule18FewReplicasAreRefusedUnlessThatIsAccepted() {
        assertThat(problems("kafka: {bootstrap.servers: b:1, replication: 2}\n"))
                .singleElement()
                .asString()
                .contains("replication 2 loses accepted messages")
                .contains("kafka.acceptWeakReplication: true");
    }

    @Test
    void aPropertyThatThePromiseRestsOnIsRefusedWithTheReason() {
        assertThat(problems("kafka: {bootstrap.servers: b:1, acks: 1}\n"))
                .containsExactly(
                        "kafka: acks is set by the relay itself, which relies on its value; remove"
                                + " it");
    }

    @Test
    void aConfigurationInALogShowsNoPasswords() {
        RelayConfig config =
                parse("kafka: {bootstrap.servers: b:1, ssl.key.password: hush, retries: 7}");

        assertThat(config.toString()).contains("ssl.key.password").doesNotContain("hush");
    }

    @Test
    void brokenYamlNamesTheLine() {
        assertThat(problems("gateway:\n  listen: [\n")).singleElement().asString().contains("line");
        assertThat(problems("admin: {}\nadmin: {}\n"))
                .singleElement()
                .asString()
                .contains("line 2");
        assertThat(problems("- a\n- b\n"))
                .containsExactly("the file must consist of keys and values");
    }

    @Test
    void theEnvironmentIsStrongerThanTheFile() {
        RelayConfig process =
                ConfigLoader.parse(
                        "admin: {listen: '127.0.0.1:1'}",
                        RelayConfig.class,
                        Map.ofEntries(
                                Map.entry("RMB_ADMIN_LISTEN", "127.0.0.1:2"),
                                Map.entry("RMB_KAFKA_BOOTSTRAP_SERVERS", "b:9"),
                                Map.entry("RMB_KAFKA_SASL_MECHANISM", "PLAIN"),
                                Map.entry("RMB_KAFKA_PARTITIONS", "8"),
                                Map.entry("RMB_GATEWAY_MAX_SESSIONS", "9"),
                                Map.entry("RMB_GATEWAY_DOMAINS", "a.example, b.example"),
                                Map.entry("RMB_GATEWAY_TLS_CERTIFICATE", "/c"),
                                Map.entry("RMB_GATEWAY_TLS_KEY", "/k"),
                                Map.entry("RMB_GATEWAY_WEIGHTS", "{x: 1}"),
                                Map.entry("RMB_GATEWAY_EDGES", "[{type: tcp, listen: 'h:1'}]"),
                                Map.entry("RMB_MNEMONIC", "none of this loader's business"),
                                Map.entry("RMB_DATA", "neither"),
                                Map.entry("PATH", "/bin")));

        assertThat(process.admin().listen().port()).isEqualTo(2);
        assertThat(process.kafka())
                .isEqualTo(
                        new KafkaConfig(
                                "b:9",
                                "rmb.",
                                8,
                                3,
                                false,
                                false,
                                Map.of("sasl.mechanism", "PLAIN")));
        assertThat(process.gateway().maxSessions()).isEqualTo(9);
        assertThat(process.gateway().domains()).containsExactly("a.example", "b.example");
        assertThat(process.gateway().tls()).isEqualTo(new TlsConfig(Path.of("/c"), Path.of("/k")));
        assertThat(process.gateway().weights()).isEqualTo(Map.of("x", 1));
        assertThat(process.gateway().edges()).containsExactly(new Tcp(new HostPort("h", 1)));
    }

    @Test
    void anElementOfAListMayBeItsKindAlone() {
        RelayConfig process =
                parse(KAFKA + "gateway: {edges: [websocket, {type: tcp, listen: 'h:7'}]}");

        assertThat(process.gateway().edges())
                .containsExactly(new WebSocket(false), new Tcp(new HostPort("h", 7)));
        assertThat(problems(KAFKA + "gateway: {edges: '[websocket'}"))
                .containsExactly("gateway.edges: must be a list");
        assertThat(problems(KAFKA + "gateway: {edges: [wbsocket]}"))
                .singleElement()
                .asString()
                .startsWith("gateway.edges[0].type: 'wbsocket' is none of")
                .contains("did you mean websocket?");
    }

    @Test
    void theEnvironmentReachesIntoAList() {
        RelayConfig process =
                ConfigLoader.parse(
                        KAFKA + "gateway: {edges: [{type: websocket}, {type: websocket}]}",
                        RelayConfig.class,
                        Map.of(
                                "RMB_GATEWAY_EDGES_1_TYPE", "tcp",
                                "RMB_GATEWAY_EDGES_1_LISTEN", "h:7",
                                "RMB_GATEWAY_EDGES_0_DEFLATE", "true"));

        assertThat(process.gateway().edges())
                .containsExactly(new WebSocket(true), new Tcp(new HostPort("h", 7)));
    }

    @Test
    void aVariableThatIsNoSettingIsRefusedByName() {
        var refused =
                catchThrowableOfType(
                        ConfigException.class,
                        () ->
                                ConfigLoader.parse(
                                        KAFKA,
                                        RelayConfig.class,
                                        Map.of(
                                                "RMB_GATEWAY_LISTN", "127.0.0.1:1",
                                                "RMB_ROUTER_STORE", "/x",
                                                "RMB_ADMIN_LISTEN", "nowhere",
                                                "RMB_GATEWAY_MAX_SESSIONS", "5000")));

        assertThat(refused.problems())
                .extracting(ConfigProblem::toString)
                .containsExactlyInAnyOrder(
                        "RMB_GATEWAY_LISTN: there is no such setting; did you mean"
                                + " RMB_GATEWAY_LISTEN?",
                        "RMB_ROUTER_STORE: there is no such setting; unset the variable",
                        "RMB_GATEWAY_MAX_SESSIONS: must be less than or equal to 1000",
                        "RMB_ADMIN_LISTEN: 'nowhere' has no port: write host:port, such as"
                                + " 127.0.0.1:8080");
    }

    @Test
    void aFileIsNamedInItsErrors() throws Exception {
        Path file = Files.writeString(directory.resolve("relay.yaml"), "admin: {lissen: 1}\n");

        assertThatThrownBy(() -> ConfigLoader.load(file, RelayConfig.class, Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("configuration " + file + " has several problems:\n  ")
                .hasMessageContaining("\n  admin.lissen: there is no such setting");
        assertThatThrownBy(() ->
                        ConfigLoader.load(
                                directory.resolve("none.yaml"), RelayConfig.class, Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("there is no such file");
    }

    private static RelayConfig parse(String yaml) {
        return ConfigLoader.parse(yaml, RelayConfig.class, Map.of());
    }

    private static List<String> problems(String yaml) {
        ConfigException refused = catchThrowableOfType(ConfigException.class, () -> parse(yaml));
        return refused.problems().stream().map(ConfigProblem::toString).toList();
    }
}
