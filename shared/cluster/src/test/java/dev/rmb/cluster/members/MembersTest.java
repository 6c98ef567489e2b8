package dev.rmb.cluster.members;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rmb.broker.BrokerSettings;
import dev.rmb.broker.EmbeddedBroker;
import dev.rmb.cluster.Topics;
import dev.rmb.kafka.KafkaSettings;
import dev.rmb.kafka.TopicSetup;
import dev.rmb.proto.cluster.MemberRecord;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MembersTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Member CRASHED =
            new Member("gateway-1", Set.of(Member.Role.GATEWAY), -1, "1.0", "127.0.0.1:8081");
    private static final Member BOTH =
            new Member(
                    "standalone",
                    Set.of(Member.Role.GATEWAY, Member.Role.ROUTER),
                    2,
                    "1.0",
                    "127.0.0.1:8082");

    @TempDir Path data;

    @Test
    void aMemberLivesFromItsFirstHeartbeatUntilItLeavesOrFallsSilent() throws Exception {
        var nanos = new AtomicLong();
        try (EmbeddedBroker broker = EmbeddedBroker.start(data, BrokerSettings.onFreePort())) {
            KafkaSettings settings =
                    new KafkaSettings(broker.bootstrapServers(), "rmb.", 4, 1, Map.of());
            Topics topics = new Topics(settings);
            new TopicSetup(settings, PATIENCE).ensure(topics.required());
            try (Members members = new Members(settings, topics.members(), "test", nanos::get)) {
                members.start();
                beatOnce(settings, topics.members());
                try (Heartbeat both = new Heartbeat(settings, topics.members(), BOTH)) {
                    assertThat(both.isHeard()).isFalse();
                    assertThat(both.start()).succeedsWithin(PATIENCE);
                    assertThat(both.isHeard()).isTrue();
                    await().atMost(PATIENCE)
                            .untilAsserted(() ->
                                    assertThat(members.alive(Member.Role.GATEWAY))
                                            .containsExactlyInAnyOrder(CRASHED, BOTH));
                    assertThat(members.alive(Member.Role.ROUTER)).containsExactly(BOTH);
                }

                await().atMost(PATIENCE)
                        .untilAsserted(() ->
                                assertThat(members.alive(Member.Role.GATEWAY))
                                        .containsExactly(CRASHED));
                nanos.addAndGet(Members.DEAD_AFTER.toNanos());
                assertThat(members.alive(Member.Role.GATEWAY)).isEmpty();
            }
        }
    }

    private static void beatOnce(KafkaSettings settings, String topic) throws Exception {
        try (var producer =
                new KafkaProducer<>(
                        settings.producer("crashed"),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            var _ =
                    producer.send(
                                    new ProducerRecord<>(
                                            topic,
                                            CRASHED.pod().getBytes(StandardCharsets.UTF_8),
                                            MemberRecord.newBuilder()
                                                    .addRoles(MemberRecord.Role.GATEWAY)
                                                    .setIncarnation(CRASHED.incarnation())
                                                    .setVersion(CRASHED.version())
                                                    .setAdminEndpoint(CRASHED.adminEndpoint())
                                                    .build()
                                                    .toByteArray()))
                            .get(10, TimeUnit.SECONDS);
        }
    }
}
