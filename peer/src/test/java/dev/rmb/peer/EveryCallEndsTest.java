package dev.rmb.peer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rmb.protocol.identity.KeyType;
import dev.rmb.twins.InMemoryTwins;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever becomes of a request or its answer on the way, who asked is told once. */
@Timeout(120)
final class EveryCallEndsTest {
    private static final TestTwin ONE = TestTwin.of(1, KeyType.SR25519);
    private static final TestTwin TWO = TestTwin.of(2, KeyType.ED25519);
    private static final InMemoryTwins TWINS = InMemoryTwins.of(ONE.encrypted(), TWO.plain());
    private static final TestRedis.Kind EMBEDDED = TestRedis.Kind.EMBEDDED;
    private static final int CALLS = 300;
    private static final int TTL_SECONDS = 5;

    private static void ask(TestNode node, String reference, int seconds, long... twins) {
        node.push(
                "msgbus.system.local",
                TestNode.request("work", reference, twins)
                        .put("ref", reference)
                        .put("exp", seconds));
    }

    private static void awaitConnected(TestRelay relay, long twin) {
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> relay.isConnected(twin));
    }

    /** A relay that loses a tenth of everything, and hangs up on everybody now and then. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void everyCallEndsOnceOverARelayThatLosesMessagesAndConnections(long seed) throws Exception {
        var random = new SplittableRandom(seed);
        var losses = random.split();
        try (TestRelay relay = TestRelay.start();
                TestNode asking = TestNode.start(EMBEDDED, ONE, List.of(relay.url()), TWINS);
                TestNode serving = TestNode.start(EMBEDDED, TWO, List.of(relay.url()), TWINS)) {
            awaitConnected(relay, 1);
            awaitConnected(relay, 2);
            // On the relay's only thread.
            relay.changing(envelope -> losses.nextInt(10) == 0 ? null : envelope);
            var done = new AtomicBoolean();
            Thread service = Thread.ofVirtual().name("service").start(() -> serve(serving, done));

            for (int i = 0; i < CALLS; i++) {
                ask(asking, "call-" + i, TTL_SECONDS, 2);
                if (random.nextInt(40) == 0) {
                    relay.hangUp();
                }
                if (random.nextInt(10) == 0) {
                    // Some at once, some one after the other.
                    Awaitility.await().until(() -> asking.redis().llen("msgbus.system.local") == 0);
                }
            }

            Map<String, Integer> ends = new HashMap<>();
            int failed = 0;
            while (ends.size() < CALLS) {
                JsonNode answer = asking.next("answers");
                ends.merge(answer.get("ref").textValue(), 1, Integer::sum);
                failed += answer.get("err").isNull() ? 0 : 1;
            }
            assertThat(failed).as("some were lost, some were not").isBetween(1, CALLS - 1);
            assertThat(asking.nextWithin("answers", Duration.ofSeconds(4))).isNull();
            assertThat(ends).allSatisfy((call, times) -> assertThat(times).as(call).isOne());
            assertThat(ends.keySet())
                    .isEqualTo(
                            IntStream.range(0, CALLS)
                                    .mapToObj(i -> "call-" + i)
                                    .collect(Collectors.toSet()));
            done.set(true);
            service.join();
        }
    }

    private static void serve(TestNode node, AtomicBoolean done) {
        try {
            while (!done.get()) {
                JsonNode request = node.nextWithin("msgbus.work", Duration.ofMillis(200));
                if (request != null) {
                    node.push(
                            request.get("ret").textValue(),
                            TestNode.answerTo(request, TestNode.text(request)));
                }
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void ofSeveralTwinsEachThatDoesNotAnswerIsToldOf() throws Exception {
        try (TestRelay relay = TestRelay.start();
                TestNode asking = TestNode.start(EMBEDDED, ONE, List.of(relay.url()), TWINS);
                TestNode serving = TestNode.start(EMBEDDED, TWO, List.of(relay.url()), TWINS)) {
            awaitConnected(relay, 1);
            awaitConnected(relay, 2);
            // The peer asks itself, too; twice is once.
            ask(asking, "mine", 2, 2, 1, 2);
            serving.answerOne("work", "x");

            JsonNode answer = asking.next("answers");
            assertThat(answer.get("src").textValue()).isEqualTo("2");
            assertThat(answer.get("err").isNull()).isTrue();
            JsonNode end = asking.next("answers");
            assertThat(end.get("ref").textValue()).isEqualTo("mine");
            assertThat(end.get("err").get("code").intValue()).isEqualTo(102);
            assertThat(end.get("err").get("message").textValue()).contains("no answer");
            assertThat(serving.redis().llen("msgbus.work")).isZero();
            assertThat(asking.nextWithin("answers", Duration.ofSeconds(2))).isNull();
        }
    }

    @Test
    void anErrorThatARelayTellsTwiceIsToldOnce() throws Exception {
        try (TestRelay relay = TestRelay.start();
                TestNode asking = TestNode.start(EMBEDDED, ONE, List.of(relay.url()), TWINS)) {
            awaitConnected(relay, 1);
            ask(asking, "mine", 60, 2);
            String uid = relay.nextSeen().getUid();
            for (int i = 0; i < 3; i++) {
                relay.deliver(
                        dev.rmb.protocol.envelope.Envelopes.relayError(
                                uid,
                                dev.rmb.protocol.Address.of(1),
                                0,
                                "destination offline",
                                System.currentTimeMillis() / 1000));
            }

            JsonNode told = asking.next("answers");
            assertThat(asking.nextWithin("answers", Duration.ofSeconds(2))).isNull();
            assertThat(told.get("err").get("message").textValue()).isEqualTo("destination offline");
        }
    }
}
