package dev.rmb.cluster.bans;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rmb.broker.BrokerSettings;
import dev.rmb.broker.EmbeddedBroker;
import dev.rmb.cluster.Topics;
import dev.rmb.cluster.settings.SettingsTopic;
import dev.rmb.kafka.KafkaSettings;
import dev.rmb.kafka.TopicSetup;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class BanTopicTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final BanTarget ALICE = BanTarget.parse("twin:7");
    private static final BanTarget NETWORK = BanTarget.parse("remote:10.0.0.0/8");

    @TempDir Path data;

    @Test
    void everyPodKnowsOfABanWithinASecondAndAlsoAfterARestart() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(data, BrokerSettings.onFreePort())) {
            var settings = new KafkaSettings(broker.bootstrapServers(), "rmb.", 4, 1, Map.of());
            new TopicSetup(settings, PATIENCE).ensure(new Topics(settings).required());
            Instant expires = Instant.now().plus(Duration.ofHours(1)).truncatedTo(MILLIS);
            var ban = new Ban(ALICE, "floods", Instant.now().truncatedTo(MILLIS), expires);
            try (SettingsTopic first = topic(settings, "one");
                    SettingsTopic second = topic(settings, "two")) {
                BanTopic one = start(first);
                BanTopic two = start(second);
                put(one, ban);
                put(one, new Ban(NETWORK, null, Instant.now(), null));
                // Its answer means that it holds here.
                assertThat(one.bans().isBanned(7)).isTrue();
                assertThat(one.bans().isBanned(InetAddress.ofLiteral("10.1.1.1"))).isTrue();
                await().atMost(SOON).until(() -> two.bans().isBanned(7));
                await().atMost(SOON)
                        .until(() -> two.bans().isBanned(InetAddress.ofLiteral("10.1.1.1")));
                assertThat(two.bans().find(ALICE)).contains(ban);

                two.remove(NETWORK).toCompletableFuture().get(20, TimeUnit.SECONDS);
                await().atMost(SOON)
                        .until(() -> !one.bans().isBanned(InetAddress.ofLiteral("10.1.1.1")));
            }
            foreignRecords(settings);
            try (SettingsTopic again = topic(settings, "again")) {
                Bans known = start(again).bans();
                assertThat(known.all()).contains(ban).hasSize(2);
                // Nobody gets in because the bytes of a ban were damaged.
                assertThat(known.find(BanTarget.parse("twin:8")))
                        .hasValueSatisfying(
                                damaged -> assertThat(damaged.reason()).contains("cannot be read"));
            }
        }
    }

    private static final ChronoUnit MILLIS = ChronoUnit.MILLIS;

    private static void put(BanTopic to, Ban ban) throws Exception {
        to.put(ban).toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private static SettingsTopic topic(KafkaSettings settings, String pod) {
        return new SettingsTopic(settings, new Topics(settings).settings(), pod);
    }

    private static BanTopic start(SettingsTopic settings) throws Exception {
        var bans = new BanTopic(settings, Clock.systemUTC());
        settings.start();
        settings.caughtUp().toCompletableFuture().get(20, TimeUnit.SECONDS);
        return bans;
    }

    /**
     * A setting of another kind, a ban of a kind that is not known yet, and one that is damaged.
     */
    private static void foreignRecords(KafkaSettings settings) throws Exception {
        String topic = new Topics(settings).settings();
        try (var producer =
                new KafkaProducer<>(
                        settings.producer("foreign"),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            for (String key : new String[] {"limit/7", "ban/account:5F3s", "ban/twin:8"}) {
                producer.send(
                                new ProducerRecord<>(
                                        topic,
                                        key.getBytes(StandardCharsets.UTF_8),
                                        new byte[] {(byte) 0xFF}))
                        .get(20, TimeUnit.SECONDS);
            }
        }
    }
}
