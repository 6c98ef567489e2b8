package dev.rmb.cluster.ownership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rmb.broker.BrokerSettings;
import dev.rmb.broker.EmbeddedBroker;
import dev.rmb.cluster.Topics;
import dev.rmb.kafka.KafkaSettings;
import dev.rmb.kafka.TopicSetup;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

final class OwnershipTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @TempDir static Path data;
    private static EmbeddedBroker broker;

    private final List<String> heard = new CopyOnWriteArrayList<>();
    private KafkaSettings settings;
    private String topic;
    private ClaimLog first;
    private ClaimLog second;
    private Ownership ownership;

    @BeforeAll
    static void startBroker() {
        broker = EmbeddedBroker.start(data, BrokerSettings.onFreePort());
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @BeforeEach
    void prepareTopics(TestInfo test) throws Exception {
        settings =
                new KafkaSettings(
                        broker.bootstrapServers(),
                        test.getTestMethod().orElseThrow().getName() + ".",
                        4,
                        1,
                        Map.of());
        Topics topics = new Topics(settings);
        topic = topics.owners();
        new TopicSetup(settings, PATIENCE).ensure(topics.required());
        first = new ClaimLog(settings, topic, "127.0.0.1:1", "router-1", 11);
        second = new ClaimLog(settings, topic, "127.0.0.1:2", "router-2", 22);
        ownership = follow();
    }

    @AfterEach
    void close() {
        ownership.close();
        first.close();
        second.close();
    }

    @Test
    void theLatestClaimCountsAndItsOffsetIsItsEpoch() throws Exception {
        long older = claim(first, 3);
        long newer = claim(second, 3);

        assertThat(newer).isGreaterThan(older);
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(ownership.owner(3))
                                .contains(new Claim(3, newer, "127.0.0.1:2", "router-2", 22)));
        assertThat(ownership.owner(2)).isEmpty();
        assertThat(heard).containsExactly("claimed " + older, "claimed " + newer);
    }

    @Test
    void aReleaseEndsTheClaimThatItNames() throws Exception {
        long epoch = claim(first, 0);
        first.release(0, epoch).toCompletableFuture().get(10, TimeUnit.SECONDS);

        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(heard).containsExactly("claimed " + epoch, "released " + epoch));
        assertThat(ownership.owner(0)).isEmpty();
    }

    @Test
    void aLateReleaseDoesNotEndTheNextClaim() throws Exception {
        long older = claim(first, 0);
        long newer = claim(second, 0);
        first.release(0, older).toCompletableFuture().get(10, TimeUnit.SECONDS);
        long last = claim(second, 1);

        await().atMost(PATIENCE).until(() -> ownership.owner(1).isPresent());
        assertThat(ownership.owner(0)).map(Claim::epoch).contains(newer);
        assertThat(heard)
                .containsExactly("claimed " + older, "claimed " + newer, "claimed " + last);
    }

    @Test
    void whoComesLaterLearnsTheClaimsBeforeItIsCaughtUp() throws Exception {
        long epoch = claim(first, 2);

        try (Ownership late = follow()) {
            late.caughtUp().toCompletableFuture().get(10, TimeUnit.SECONDS);
            assertThat(late.owner(2)).map(Claim::epoch).contains(epoch);
        }
    }

    @Test
    void rule5EpochsStartOverWhenTheTopicIsMadeAnew() throws Exception {
        claim(first, 0);
        long high = claim(first, 0);
        await().atMost(PATIENCE).until(() -> heard.contains("claimed " + high));

        try (Admin admin = Admin.create(settings.admin("test"))) {
            admin.deleteTopics(List.of(topic)).all().get(10, TimeUnit.SECONDS);
        }
        new TopicSetup(settings, PATIENCE).ensure(new Topics(settings).required());
        long low = claim(second, 0);
        // Of a claim that the topic has not any more.
        first.release(0, low).toCompletableFuture().get(10, TimeUnit.SECONDS);
        long last = claim(second, 1);

        assertThat(low).isLessThan(high);
        await().atMost(PATIENCE).until(() -> ownership.owner(1).isPresent());
        assertThat(heard).contains("restarted");
        assertThat(ownership.owner(0)).map(Claim::epoch).contains(low);
        assertThat(heard.subList(heard.lastIndexOf("restarted"), heard.size()))
                .containsExactly("restarted", "claimed " + low, "claimed " + last);
    }

    private Ownership follow() {
        Ownership follower =
                new Ownership(
                        settings,
                        topic,
                        "test",
                        new OwnershipListener() {
                            @Override
                            public void claimed(Claim claim) {
                                heard.add("claimed " + claim.epoch());
                            }

                            @Override
                            public void released(Claim claim) {
                                heard.add("released " + claim.epoch());
                            }

                            @Override
                            public void restarted() {
                                heard.add("restarted");
                            }
                        });
        follower.start();
        return follower;
    }

    private static long claim(ClaimLog log, int partition) throws Exception {
        return log.claim(partition).toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
}
