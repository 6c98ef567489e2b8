package dev.rmb.twins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rmb.broker.BrokerSettings;
import dev.rmb.broker.EmbeddedBroker;
import dev.rmb.kafka.KafkaSettings;
import dev.rmb.kafka.TopicSetup;
import dev.rmb.kafka.TopicSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RegistryTwinDirectoryTest extends TwinDirectoryContract {
    @TempDir static Path data;

    private static EmbeddedBroker broker;

    private KafkaSettings settings;
    private TwinRegistry registry;
    private final TreeMap<Long, Twin> held = new TreeMap<>();
    private @Nullable RegistryTwinDirectory directory;

    @BeforeAll
    static void startBroker() {
        broker = EmbeddedBroker.start(data, BrokerSettings.onFreePort());
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @BeforeEach
    void makeRegistry() {
        settings = RegistryTopic.make(broker);
        registry = new TwinRegistry(settings);
    }

    @AfterEach
    void close() {
        registry.close();
        if (directory != null) {
            directory.close();
        }
    }

    @Override
    void given(List<Twin> twins) {
        for (Twin twin : List.copyOf(held.values())) {
            if (twins.stream().noneMatch(t -> t.id() == twin.id())) {
                assertMade(registry.delete(twin.id()));
                held.remove(twin.id());
            }
        }
        for (Twin twin : twins) {
            Twin before = held.put(twin.id(), twin);
            assertMade(
                    before == null
                            ? registry.create(
                                    new NewTwin(twin.id(), twin.account(), twin.relay(), twin.pk()))
                            : registry.update(twin.id(), present -> twin));
        }
    }

    private static void assertMade(TwinChange change) {
        assertThat(change).isInstanceOf(TwinChange.Made.class);
    }

    @Override
    RegistryTwinDirectory directory() {
        RegistryTwinDirectory started = directory;
        if (started == null) {
            started = RegistryTwinDirectory.start(settings);
            directory = started;
        }
        return started;
    }

    @Test
    void lookUpsMadeBeforeTheTopicIsReadWaitForIt() throws Exception {
        given(List.of(Twins.full(7)));

        // The very first question, at once after the start.
        assertThat(now(directory().byId(7))).contains(Twins.full(7));
    }

    @Test
    void aChangeShowsWithinASecond() throws Exception {
        given(List.of(Twins.bare(1)));
        assertThat(now(directory().byId(1))).isPresent();

        registry.create(new NewTwin(2L, Twins.account(2), null, null));

        Awaitility.await()
                .atMost(Duration.ofSeconds(1))
                .pollInterval(Duration.ofMillis(5))
                .untilAsserted(() -> assertThat(now(directory().byId(2))).isPresent());
    }

    @Test
    void theDirectoryOfTheProcessThatMadeAChangeShowsItAtOnce() throws Exception {
        directory().caughtUp().toCompletableFuture().get(SOON.toSeconds(), TimeUnit.SECONDS);
        try (var own = new TwinRegistry(settings, directory())) {
            for (int i = 1; i <= 20; i++) {
                own.create(new NewTwin(null, Twins.account(i), null, null));
                assertThat(directory().byId(i).toCompletableFuture().getNow(Optional.empty()))
                        .isPresent();
                own.delete(i);
                assertThat(directory().byId(i).toCompletableFuture().getNow(Optional.empty()))
                        .isEmpty();
            }
        }
    }

    @Test
    void rule5OfATopicThatWasMadeAnewOnlyWhatIsInItCounts() throws Exception {
        given(List.of(Twins.bare(1), Twins.bare(2)));
        assertThat(now(directory().byId(2))).isPresent();
        String topic = settings.name("twins");

        try (Admin admin = Admin.create(settings.admin("test"))) {
            admin.deleteTopics(List.of(topic)).all().get(SOON.toSeconds(), TimeUnit.SECONDS);
        }
        new TopicSetup(settings, SOON)
                .ensure(List.of(new TopicSpec(topic, 1, Map.of("cleanup.policy", "compact"))));
        try (var another = new TwinRegistry(settings)) {
            assertMade(another.create(new NewTwin(3L, Twins.account(3), null, null)));
        }

        Awaitility.await()
                .atMost(SOON)
                .untilAsserted(() -> {
                    assertThat(now(directory().byId(3))).isPresent();
                    assertThat(now(directory().byId(2))).isEmpty();
                });
        // Who changed the one before knows that this is another.
        assertMade(registry.create(new NewTwin(null, Twins.account(1), null, null)));
    }

    @Test
    void recordsThatAreNoTwinsArePassedBy() throws Exception {
        given(List.of(Twins.bare(1), Twins.bare(2)));
        assertThat(now(directory().byId(2))).isPresent();
        byte[] two = TwinRecords.key(2);
        write(two, new byte[] {(byte) 0xFF, 1, 2});
        write(two, new byte[0]);
        write(two, TwinRecords.value(Twins.bare(3)));
        write(new byte[] {1, 2, 3}, new byte[] {4});
        write(new byte[0], null);
        write(TwinRecords.key(0), null);
        write(TwinRecords.key(0), new byte[] {(byte) 0xFF});

        assertMade(registry.create(new NewTwin(null, Twins.account(3), null, null)));

        Awaitility.await()
                .atMost(SOON)
                .untilAsserted(() -> assertThat(now(directory().byId(3))).isPresent());
        assertThat(now(directory().byId(2))).contains(Twins.bare(2));
        assertThat(now(directory().byAccount(Twins.account(2)))).contains(Twins.bare(2));
        assertMade(registry.delete(2));
        Awaitility.await()
                .atMost(Duration.ofSeconds(1))
                .untilAsserted(() -> assertThat(now(directory().byId(2))).isEmpty());
    }

    private void write(byte[] key, byte @Nullable [] value) throws Exception {
        try (var producer =
                new KafkaProducer<>(
                        settings.producer("test"),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(settings.name("twins"), 0, key, value))
                    .get(SOON.toSeconds(), TimeUnit.SECONDS);
        }
    }

    @Test
    void whatIsNotReadYetIsNotListed() {
        var nowhere = new KafkaSettings(broker.bootstrapServers(), "absent.", 1, 1, Map.of());
        try (var starting = RegistryTwinDirectory.start(nowhere)) {
            assertThatThrownBy(() -> starting.list(0, 10)).isInstanceOf(DirectoryException.class);
        }
    }

    @Test
    void aLongListIsReadPageByPage() throws Exception {
        given(List.of(Twins.bare(3), Twins.bare(1), Twins.bare(Twin.MAX_ID), Twins.bare(9)));
        assertThat(now(directory().byId(1))).isPresent();

        TwinPage first = directory().list(0, 3);
        assertThat(first.twins()).extracting(Twin::id).containsExactly(1L, 3L, 9L);
        assertThat(first.next()).hasValue(9);
        TwinPage second = directory().list(first.next().orElseThrow(), 3);
        assertThat(second.twins()).extracting(Twin::id).containsExactly(Twin.MAX_ID);
        assertThat(second.next()).isEmpty();
        assertThat(directory().list(0, 4).next()).isEmpty();
    }
}
