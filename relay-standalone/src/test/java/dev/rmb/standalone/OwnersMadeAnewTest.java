package dev.rmb.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rmb.broker.BrokerSettings;
import dev.rmb.broker.EmbeddedBroker;
import dev.rmb.cluster.Topics;
import dev.rmb.kafka.KafkaSettings;
import dev.rmb.kafka.TopicSetup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code rmb.owners} is deleted and made again under a running gateway and router. */
final class OwnersMadeAnewTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir Path directory;

    @Test
    void rule5DeliveryGoesOnWhenEpochsStartOver() throws Exception {
        Path twins = TestTwins.write(directory.resolve("twins.jsonl"), 4);
        try (EmbeddedBroker broker =
                        EmbeddedBroker.start(
                                directory.resolve("broker"), BrokerSettings.onFreePort());
                RelayProcess _ = start("router", broker, twins);
                RelayProcess gateway = start("gateway", broker, twins);
                RawPeer sender = TestTwins.connect(gateway.ws(), 1, null);
                RawPeer receiver = TestTwins.connect(gateway.ws(), 2, null)) {
            exchange(sender, receiver, "before");
            KafkaSettings kafka =
                    new KafkaSettings(broker.bootstrapServers(), "rmb.", 4, 1, Map.of());
            Topics topics = new Topics(kafka);

            try (Admin admin = Admin.create(kafka.admin("test"))) {
                admin.deleteTopics(List.of(topics.owners())).all().get(10, TimeUnit.SECONDS);
            }
            new TopicSetup(kafka, PATIENCE).ensure(topics.required());

            await().atMost(PATIENCE).until(() -> gateway.log().contains("was made anew"));
            for (int n = 0; n < 20; n++) {
                exchange(sender, receiver, "after-" + n);
            }
        }
    }

    private static void exchange(RawPeer sender, RawPeer receiver, String uid) throws Exception {
        byte[] envelope =
                TestEnvelopes.request(sender.address(), receiver.address(), uid, new byte[1]);
        sender.send(envelope);
        assertThat(receiver.next()).isEqualTo(envelope);
    }

    private RelayProcess start(String role, EmbeddedBroker broker, Path twins) throws Exception {
        Path config =
                Files.writeString(
                        directory.resolve(role + ".yaml"),
                        """
                        gateway: {listen: '127.0.0.1:0'}
                        router: {listen: '127.0.0.1:0', streams: {stateDirectory: '%s', standbys: 0}}
                        kafka: {bootstrap.servers: '%s', partitions: 4, replication: 1, acceptWeakReplication: true}
                        twins: {type: file, path: '%s'}
                        admin: {listen: '127.0.0.1:0'}
                        """
                                .formatted(
                                        directory.resolve("state"),
                                        broker.bootstrapServers(),
                                        twins));
        return RelayProcess.start(directory.resolve(role + ".log"), role, config.toString());
    }
}
