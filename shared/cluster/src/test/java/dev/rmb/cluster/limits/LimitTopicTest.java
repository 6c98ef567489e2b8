package dev.rmb.cluster.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rmb.broker.BrokerSettings;
import dev.rmb.broker.EmbeddedBroker;
import dev.rmb.cluster.Topics;
import dev.rmb.cluster.bans.Ban;
import dev.rmb.cluster.bans.BanTarget;
import dev.rmb.cluster.bans.BanTopic;
import dev.rmb.cluster.settings.SettingsTopic;
import dev.rmb.kafka.KafkaSettings;
import dev.rmb.kafka.TopicSetup;
import dev.rmb.testing.LogLines;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class LimitTopicTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final LimitKind MESSAGES = LimitKind.count("gateway.rateLimit.messages");
    private static final LimitKind BYTES = LimitKind.bytes("gateway.rateLimit.size");

    @TempDir Path data;

    /** Of one pod. */
    private record Pod(SettingsTopic settings, LimitTopic limits, BanTopic bans)
            implements AutoCloseable {
        static Pod start(KafkaSettings kafka, String name) throws Exception {
            var settings = new SettingsTopic(kafka, new Topics(kafka).settings(), name);
            var pod =
                    new Pod(
                            settings,
                            new LimitTopic(settings),
                            new BanTopic(settings, Clock.systemUTC()));
            settings.start();
            done(settings.caughtUp());
            return pod;
        }

        Limit limit(LimitKind kind, long configured) {
            return limits.limits().add(kind, configured);
        }

        @Override
        public void close() {
            settings.close();
        }
    }

    @Test
    void everyPodKeepsToAChangedLimitWithinASecondAndAlsoAfterARestart() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(data, BrokerSettings.onFreePort())) {
            var kafka = new KafkaSettings(broker.bootstrapServers(), "rmb.", 4, 1, Map.of());
            new TopicSetup(kafka, PATIENCE).ensure(new Topics(kafka).required());
            var change =
                    new LimitChange(
                            MESSAGES.name(),
                            600,
                            "flood",
                            Instant.ofEpochMilli(1_900_000_000_000L));
            try (Pod one = Pod.start(kafka, "one");
                    Pod two = Pod.start(kafka, "two")) {
                Limit here = one.limit(MESSAGES, 0);
                Limit there = two.limit(MESSAGES, 50);
                Limit other = two.limit(BYTES, 7);

                done(one.limits.put(change));
                // Its answer means that it holds here.
                assertThat(here.inForce()).isEqualTo(600);
                await().atMost(SOON).until(() -> there.inForce() == 600);
                assertThat(two.limits.limits().change(MESSAGES.name())).contains(change);
                assertThat(other.inForce()).isEqualTo(7);

                done(two.limits.remove(MESSAGES.name()));
                assertThat(there.inForce()).isEqualTo(50);
                await().atMost(SOON).until(() -> here.inForce() == 0);

                done(two.limits.put(change));
                // Neither kind of settings minds the other.
                done(one.bans.put(new Ban(BanTarget.parse("twin:7"), null, Instant.EPOCH, null)));
                done(one.settings.put("limit/unreadable", unreadable()));
                done(one.settings.put("colour/red", unreadable()));
            }
            try (Pod again = Pod.start(kafka, "again")) {
                assertThat(again.limit(MESSAGES, 0).inForce()).isEqualTo(600);
                assertThat(again.bans.bans().isBanned(7)).isTrue();
                assertThat(again.limits.limits().change("unreadable")).isEmpty();
            }
        }
    }

    @Test
    void aChangeThatCannotBeReadCountsAsTakenBackAndIsToldOnce() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(data, BrokerSettings.onFreePort());
                LogLines log = LogLines.of("dev.rmb")) {
            var kafka = new KafkaSettings(broker.bootstrapServers(), "rmb.", 4, 1, Map.of());
            new TopicSetup(kafka, PATIENCE).ensure(new Topics(kafka).required());
            try (Pod pod = Pod.start(kafka, "one")) {
                Limit messages = pod.limit(MESSAGES, 50);
                Limit bytes = pod.limit(BYTES, 7);
                var change =
                        new LimitChange(
                                MESSAGES.name(),
                                600,
                                null,
                                Instant.ofEpochMilli(1_900_000_000_000L));
                for (byte[] corrupt : List.of(unreadable(), new byte[0])) {
                    done(pod.limits.put(change));
                    assertThat(messages.inForce()).isEqualTo(600);

                    done(pod.settings.put("limit/" + MESSAGES.name(), corrupt));

                    assertThat(messages.inForce()).isEqualTo(50);
                    assertThat(pod.limits.limits().change(MESSAGES.name())).isEmpty();
                }
                assertThat(bytes.inForce()).isEqualTo(7);
                assertThat(log.lines())
                        .hasSize(2)
                        .allSatisfy(line ->
                                assertThat(line)
                                        .contains("limit/gateway.rateLimit.messages")
                                        .contains("counts as taken back")
                                        .contains("set it again"));
            }
        }
    }

    private static byte[] unreadable() {
        return "\u00ff\u00ff".getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void done(CompletionStage<Void> change) throws Exception {
        change.toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
}
