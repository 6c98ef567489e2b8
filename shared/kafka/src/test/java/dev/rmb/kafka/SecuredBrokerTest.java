package dev.rmb.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rmb.broker.BrokerSettings;
import dev.rmb.broker.EmbeddedBroker;
import dev.rmb.testing.LogLines;
import dev.rmb.testing.SecuredBrokers;
import dev.rmb.testing.TestAuthority;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kafka's own security settings reach every client, against brokers that insist on them. */
final class SecuredBrokerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final TestAuthority AUTHORITY = new TestAuthority("kafka");

    @TempDir Path directory;

    @Test
    void clientsComeInWithPasswordOverTls() throws Exception {
        try (EmbeddedBroker broker = start(SecuredBrokers.passwordOverTls(AUTHORITY, directory))) {
            KafkaSettings settings = settings(broker, withPassword(SecuredBrokers.PASSWORD));

            assertEveryClientWorks(settings);
        }
    }

    @Test
    void aWrongPasswordIsToldAtOnceAndNotShown() {
        try (EmbeddedBroker broker = start(SecuredBrokers.passwordOverTls(AUTHORITY, directory));
                LogLines log = LogLines.of("dev.rmb")) {
            KafkaSettings settings = settings(broker, withPassword("hunter2"));
            Instant before = Instant.now();

            assertThatThrownBy(() -> ensure(settings))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("does not let this process in")
                    .hasMessageContaining("sasl.*")
                    .hasStackTraceContaining("Authentication failed")
                    .extracting(SecuredBrokerTest::everything)
                    .asString()
                    .doesNotContain("hunter2");
            assertThat(Duration.between(before, Instant.now())).isLessThan(PATIENCE);
            assertThat(String.join("\n", log.lines())).doesNotContain("hunter2");
        }
    }

    @Test
    void clientsComeInWithACertificateAndNotWithoutOne() throws Exception {
        try (EmbeddedBroker broker = start(SecuredBrokers.mutualTls(AUTHORITY, directory))) {
            Map<String, String> identified = trusting("SSL");
            identified.putAll(
                    SecuredBrokers.keyStore(
                            AUTHORITY.identity("relay").writeTo(directory.resolve("relay"))));

            assertEveryClientWorks(settings(broker, identified));
            assertThatThrownBy(() -> ensure(settings(broker, trusting("SSL"))))
                    .hasMessageContaining("does not let this process in")
                    .hasMessageContaining("ssl.*");
        }
    }

    private EmbeddedBroker start(BrokerSettings settings) {
        return EmbeddedBroker.start(directory.resolve("data"), settings);
    }

    private static void assertEveryClientWorks(KafkaSettings settings) throws Exception {
        ensure(settings);
        CompletableFuture<String> heard = new CompletableFuture<>();
        try (var producer =
                        new KafkaProducer<>(
                                settings.producer("test"),
                                new ByteArraySerializer(),
                                new ByteArraySerializer());
                var follower =
                        new TopicFollower(
                                settings,
                                "small",
                                "follower",
                                (offset, key, value) ->
                                        heard.complete(new String(key, StandardCharsets.UTF_8)))) {
            follower.start();
            producer.send(new ProducerRecord<>("small", new byte[] {'k'}, new byte[] {1}))
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(heard.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo("k");
        }
    }

    private static void ensure(KafkaSettings settings) {
        new TopicSetup(settings, PATIENCE).ensure(List.of(new TopicSpec("small", 1, Map.of())));
    }

    private static KafkaSettings settings(EmbeddedBroker broker, Map<String, String> properties) {
        return new KafkaSettings(broker.bootstrapServers(), "", 1, 1, properties);
    }

    private Map<String, String> withPassword(String password) {
        Map<String, String> properties = trusting("SASL_SSL");
        properties.putAll(SecuredBrokers.login("relay", password));
        return properties;
    }

    private Map<String, String> trusting(String protocol) {
        Path trust = directory.resolve("ca.crt");
        AUTHORITY.writeTrust(trust);
        Map<String, String> properties = new HashMap<>();
        properties.put("security.protocol", protocol);
        properties.putAll(SecuredBrokers.trustStore(trust));
        return properties;
    }

    private static String everything(Throwable failure) {
        StringBuilder all = new StringBuilder();
        for (Throwable t = failure; t != null; t = t.getCause()) {
            all.append(t).append('\n');
        }
        return all.toString();
    }
}
