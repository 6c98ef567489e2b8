package dev.rmb.peer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rmb.proto.Address;
import dev.rmb.proto.Envelope;
import dev.rmb.proto.Request;
import dev.rmb.protocol.envelope.Envelopes;
import dev.rmb.protocol.identity.KeyType;
import dev.rmb.twins.InMemoryTwins;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What goes away comes back; what waits for it is sent, or its sender is told. */
final class OutageTest {
    private static final TestTwin ONE = TestTwin.of(1, KeyType.SR25519);
    private static final TestTwin TWO = TestTwin.of(2, KeyType.ED25519);
    private static final InMemoryTwins TWINS = InMemoryTwins.of(ONE.encrypted(), TWO.plain());
    private static final TestRedis.Kind EMBEDDED = TestRedis.Kind.EMBEDDED;

    private static void awaitConnected(TestRelay relay, long twin) {
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> relay.isConnected(twin));
    }

    private static void awaitOneRelay(TestNode... nodes) {
        for (TestNode node : nodes) {
            Awaitility.await().until(() -> node.peer().connectedRelays().size() == 1);
        }
    }

    private static void echo(TestNode asking, TestNode serving, String text) throws Exception {
        asking.push("msgbus.system.local", TestNode.request("echo", text, 2));
        serving.answerOne("echo", text + "!");
        assertThat(TestNode.text(asking.next("answers"))).isEqualTo(text + "!");
    }

    @Test
    void withOneOfTwoRelaysStoppedTheOtherSends() throws Exception {
        try (TestRelay first = TestRelay.start();
                TestRelay second = TestRelay.start();
                TestNode asking =
                        TestNode.start(EMBEDDED, ONE, List.of(first.url(), second.url()), TWINS);
                TestNode serving =
                        TestNode.start(EMBEDDED, TWO, List.of(first.url(), second.url()), TWINS)) {
            for (TestRelay relay : List.of(first, second)) {
                awaitConnected(relay, 1);
                awaitConnected(relay, 2);
            }
            echo(asking, serving, "both");
            int port = first.port();
            first.stop();
            awaitOneRelay(asking, serving);
            echo(asking, serving, "one");
            try (TestRelay again = TestRelay.startAt(port)) {
                awaitConnected(again, 1);
                awaitConnected(again, 2);
                second.stop();
                awaitOneRelay(asking, serving);
                echo(asking, serving, "other");
            }
        }
    }

    @Test
    void whatIsPushedWhileTheRelayIsAwayIsSentWhenItIsBack() throws Exception {
        TestRelay first = TestRelay.start();
        int port = first.port();
        try (TestNode asking = TestNode.start(EMBEDDED, ONE, List.of(first.url()), TWINS);
                TestNode serving = TestNode.start(EMBEDDED, TWO, List.of(first.url()), TWINS)) {
            awaitOneRelay(asking, serving);
            first.stop();
            Awaitility.await().until(() -> asking.peer().connectedRelays().isEmpty());
            for (int i = 0; i < 20; i++) {
                asking.push("msgbus.system.local", TestNode.request("echo", "n" + i, 2));
            }
            ObjectNode hurried = TestNode.request("echo", "hurried", 2);
            asking.push("msgbus.system.local", hurried.put("exp", 1).put("ret", "hurry"));
            JsonNode late = asking.next("hurry");
            assertThat(late.get("err").get("code").intValue()).isEqualTo(500);
            try (TestRelay again = TestRelay.startAt(port)) {
                for (int i = 0; i < 20; i++) {
                    JsonNode request = serving.next("msgbus.echo");
                    assertThat(TestNode.text(request)).isEqualTo("n" + i);
                }
                assertThat(again.unseen()).isEqualTo(20);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(TestRedis.Kind.class)
    void whatArrivesWhileRedisIsAwayIsOnItsListWhenItIsBack(TestRedis.Kind kind) throws Exception {
        TestRedis first = kind.start();
        int port = first.port();
        try (TestRelay relay = TestRelay.start();
                TestNode node = TestNode.on(first, ONE, List.of(relay.url()), TWINS)) {
            awaitConnected(relay, 1);
            first.close();
            for (int i = 0; i < 5; i++) {
                relay.deliver(
                        Envelopes.sign(
                                Envelope.newBuilder()
                                        .setUid("uid-" + i)
                                        .setTimestamp(System.currentTimeMillis() / 1000)
                                        .setExpiration(60)
                                        .setSource(Address.newBuilder().setTwin(2))
                                        .setDestination(Address.newBuilder().setTwin(1))
                                        .setRequest(Request.newBuilder().setCommand("c")),
                                TWO.keys()));
            }
            TestRedis second = kind.startAt(port);
            try (second) {
                Awaitility.await()
                        .atMost(Duration.ofSeconds(20))
                        .ignoreExceptions()
                        .until(() -> node.redis().llen("msgbus.c") == 5);
                for (int i = 0; i < 5; i++) {
                    assertThat(node.next("msgbus.c").get("ref").textValue()).isEqualTo("uid-" + i);
                }
                node.push("msgbus.system.local", TestNode.request("after", "x", 2));
                assertThat(relay.nextSeen().getRequest().getCommand()).isEqualTo("after");
            }
        }
    }

    @Test
    void aRedisThatTakesItsTimeGetsNothingTwice() throws Exception {
        try (TestRelay relay = TestRelay.start();
                TestNode serving =
                        TestNode.start(TestRedis.Kind.SERVER, TWO, List.of(relay.url()), TWINS);
                TestNode asking = TestNode.start(EMBEDDED, ONE, List.of(relay.url()), TWINS)) {
            awaitConnected(relay, 1);
            awaitConnected(relay, 2);
            serving.redis().clientPause(7_000);
            asking.push("msgbus.system.local", TestNode.request("c", "x", 2));
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .ignoreExceptions()
                    .until(() -> serving.redis().llen("msgbus.c") >= 1);
            Awaitility.await()
                    .during(Duration.ofSeconds(1))
                    .until(() -> serving.redis().llen("msgbus.c") == 1);
        }
    }

    /** As a relay does that does not know whether it was received. */
    @Test
    void whatARelayBringsAgainReachesAProgramOnce() throws Exception {
        try (TestRelay relay = TestRelay.start();
                TestNode asking = TestNode.start(EMBEDDED, ONE, List.of(relay.url()), TWINS);
                TestNode serving = TestNode.start(EMBEDDED, TWO, List.of(relay.url()), TWINS)) {
            awaitConnected(relay, 1);
            awaitConnected(relay, 2);
            relay.changing(envelope -> {
                relay.deliver(envelope);
                relay.deliver(envelope);
                return envelope;
            });
            for (int i = 0; i < 3; i++) {
                echo(asking, serving, "n" + i);
            }
            // What came in between has been worked on.
            relay.changing(envelope -> envelope);
            echo(asking, serving, "last");

            assertThat(serving.redis().llen("msgbus.echo")).isZero();
            assertThat(asking.redis().llen("answers")).isZero();
        }
    }

    @Test
    void aPayloadThatNoEnvelopeHoldsIsRefusedAndALargeOneIsSent() throws Exception {
        try (TestRelay relay = TestRelay.start();
                TestNode asking = TestNode.start(EMBEDDED, ONE, List.of(relay.url()), TWINS)) {
            asking.push("msgbus.system.local", TestNode.request("c", "x".repeat(17_000_000), 2));
            assertThat(asking.next("answers").get("err").get("code").intValue()).isEqualTo(101);

            asking.push("msgbus.system.local", TestNode.request("c", "x".repeat(12_000_000), 2));
            assertThat(relay.nextSeen().getPlain().size()).isEqualTo(12_000_000);

            asking.push("msgbus.system.local", TestNode.request("c", "x".repeat(19_000_000), 2));
            asking.push("msgbus.system.local", TestNode.request("next", "x", 2));
            assertThat(relay.nextSeen().getRequest().getCommand()).isEqualTo("next");
        }
    }

    @Test
    void aClockThatIsWrongByMinutesIsToldSo() throws Exception {
        try (TestRelay relay = TestRelay.start();
                TestNode asking = TestNode.start(EMBEDDED, ONE, List.of(relay.url()), TWINS);
                TestNode serving = TestNode.start(EMBEDDED, TWO, List.of(relay.url()), TWINS)) {
            awaitConnected(relay, 1);
            awaitConnected(relay, 2);
            // As if the sender's clock were ten minutes behind.
            relay.changing(envelope ->
                    envelope.hasRequest()
                            ? Envelopes.sign(
                                    envelope.toBuilder()
                                            .setTimestamp(envelope.getTimestamp() - 600),
                                    ONE.keys())
                            : envelope);
            asking.push("msgbus.system.local", TestNode.request("c", "x", 2));

            JsonNode answer = asking.next("answers");

            assertThat(answer.get("err").get("code").intValue()).isEqualTo(102);
            assertThat(serving.redis().llen("msgbus.c")).isZero();
        }
    }
}
