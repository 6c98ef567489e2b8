package dev.rmb.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rmb.broker.EmbeddedBroker;
import dev.rmb.testing.SecuredBrokers;
import dev.rmb.testing.TestAuthority;
import dev.rmb.testing.TestIdentity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway and a router with everything between processes encrypted, Kafka by password. */
final class SecuredClusterTest {
    private static final TestAuthority CLUSTER = new TestAuthority("cluster");
    private static final TestAuthority KAFKA = new TestAuthority("kafka");

    @TempDir Path directory;

    @Test
    void messagesPassOverMutualTlsAndAKafkaThatAsksWhoOneIs() throws Exception {
        Path twins = TestTwins.write(directory.resolve("twins.jsonl"), 2);
        try (EmbeddedBroker broker = startBroker();
                RelayProcess router = start("router", broker);
                RelayProcess gateway = start("gateway", broker)) {
            TestTwins.register(gateway.admin(), twins);
            try (RawPeer sender = TestTwins.connect(gateway.ws(), 1, null);
                    RawPeer receiver = TestTwins.connect(gateway.ws(), 2, null)) {
                byte[] there =
                        TestEnvelopes.request(
                                sender.address(), receiver.address(), "there", new byte[1]);
                sender.send(there);
                assertThat(receiver.next()).isEqualTo(there);
                byte[] back =
                        TestEnvelopes.request(
                                receiver.address(), sender.address(), "back", new byte[1]);
                receiver.send(back);
                assertThat(sender.next()).isEqualTo(back);
            }
            assertThat(router.terminate()).isZero();
            assertThat(gateway.terminate()).isZero();
            assertThat(router.log() + gateway.log())
                    .contains("rmb")
                    .doesNotContain(SecuredBrokers.PASSWORD)
                    .doesNotContain("PRIVATE KEY");
        }
    }

    @Test
    void aWrongPasswordEndsTheStartWithAReason() throws Exception {
        try (EmbeddedBroker broker = startBroker()) {
            String log = failing("gateway", broker, "hunter2");

            assertThat(log)
                    .contains("does not let this process in")
                    .contains("Authentication failed")
                    .doesNotContain("hunter2");
        }
    }

    private EmbeddedBroker startBroker() {
        return EmbeddedBroker.start(
                directory.resolve("data"), SecuredBrokers.passwordOverTls(KAFKA, directory));
    }

    private RelayProcess start(String role, EmbeddedBroker broker) throws Exception {
        return RelayProcess.start(
                directory.resolve(role + ".log"),
                role,
                config(role, broker, SecuredBrokers.PASSWORD).toString());
    }

    private String failing(String role, EmbeddedBroker broker, String password) throws Exception {
        return RelayProcess.failing(
                directory.resolve(role + ".log"),
                Duration.ofSeconds(60),
                role,
                config(role, broker, password).toString());
    }

    private Path config(String role, EmbeddedBroker broker, String password) throws Exception {
        TestIdentity identity =
                CLUSTER.identity("127.0.0.1", role).writeTo(directory.resolve(role));
        String tls =
                "tls: {certificate: '%s', key: '%s', trust: '%s'}"
                        .formatted(identity.certificate(), identity.key(), identity.trust());
        Map<String, String> kafka = new HashMap<>();
        Path trust = directory.resolve("kafka-ca.crt");
        KAFKA.writeTrust(trust);
        kafka.put("security.protocol", "SASL_SSL");
        kafka.putAll(SecuredBrokers.trustStore(trust));
        kafka.putAll(SecuredBrokers.login("relay", password));
        return Files.writeString(
                directory.resolve(role + ".yaml"),
                """
                gateway: {listen: '127.0.0.1:0', links: {%s}}
                router:
                  listen: '127.0.0.1:0'
                  links: {%s}
                  streams: {stateDirectory: '%s', standbys: 0}
                kafka:
                  bootstrap.servers: '%s'
                  partitions: 4
                  replication: 1
                  acceptWeakReplication: true
                %s
                twins: {type: registry}
                admin: {listen: '127.0.0.1:0'}
                logging: {level: debug, loggers: {org.apache.kafka: debug, io.grpc: debug}}
                """
                        .formatted(
                                tls,
                                tls,
                                directory.resolve("state"),
                                broker.bootstrapServers(),
                                kafka.entrySet().stream()
                                        .map(e -> "  %s: '%s'".formatted(e.getKey(), e.getValue()))
                                        .collect(Collectors.joining("\n"))));
    }
}
