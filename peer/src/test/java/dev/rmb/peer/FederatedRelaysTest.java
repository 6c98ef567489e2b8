package dev.rmb.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rmb.protocol.identity.KeyType;
import dev.rmb.twins.InMemoryTwins;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three nodes on two whole relays that federate, one after the other of which goes away and comes
 * back: two nodes are on both relays, the third on the second alone, so that what is sent over the
 * first crosses to it.
 */
@Timeout(600)
@Tag("long")
final class FederatedRelaysTest {
    private static final TestTwin ONE = TestTwin.of(1, KeyType.SR25519);
    private static final TestTwin TWO = TestTwin.of(2, KeyType.ED25519);
    private static final TestTwin THREE = TestTwin.of(3, KeyType.ED25519);

    /** The second twin has no key for encryption. */
    private static final InMemoryTwins TWINS =
            InMemoryTwins.of(ONE.encrypted(), TWO.plain(), THREE.encrypted());

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir private Path directory = Path.of("");

    private final int firstPort = freePort();
    private final int secondPort = freePort();

    FederatedRelaysTest() throws Exception {}

    /** Relays are named by their ports before they listen. */
    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private JavaProcess relay(String name, int port) throws Exception {
        return JavaProcess.federating(
                directory.resolve(name + ".log"),
                directory.resolve(name),
                port,
                "file:" + directory.resolve("twins.jsonl"));
    }

    private static String record(TestTwin twin, String relay) {
        return "{\"id\":%d,\"account\":\"%s\",\"relay\":\"%s\"}"
                .formatted(twin.id(), twin.keys().account(), relay);
    }

    private static void awaitRelays(Map<TestNode, Integer> relays) {
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(() ->
                        relays.forEach((node, count) ->
                                assertThat(node.peer().connectedRelays()).hasSize(count)));
    }

    @Test
    void everyCallIsAnsweredOrToldOfWhileRelaysAreKilledAndStopped() throws Exception {
        String both = "127.0.0.1:%d_127.0.0.1:%d".formatted(firstPort, secondPort);
        Files.write(
                directory.resolve("twins.jsonl"),
                List.of(
                        record(ONE, both),
                        record(TWO, both),
                        record(THREE, "127.0.0.1:" + secondPort)));
        URI first = URI.create("ws://127.0.0.1:" + firstPort);
        URI second = URI.create("ws://127.0.0.1:" + secondPort);
        JavaProcess killed = relay("first", firstPort);
        try (JavaProcess stopped = relay("second", secondPort);
                TestNode one =
                        TestNode.start(TestRedis.Kind.SERVER, ONE, List.of(first, second), TWINS);
                TestNode two =
                        TestNode.start(
                                TestRedis.Kind.EMBEDDED, TWO, List.of(first, second), TWINS);
                TestNode three =
                        TestNode.start(TestRedis.Kind.EMBEDDED, THREE, List.of(second), TWINS)) {
            awaitRelays(Map.of(one, 2, two, 2, three, 1));
            try (TestTraffic traffic =
                    TestTraffic.start(Map.of(one, List.of(2L, 3L), three, List.of(1L)), two)) {
                traffic.awaitAnswered(100);

                killed.kill();
                awaitRelays(Map.of(one, 1, two, 1, three, 1));
                traffic.awaitAnswered(100);
                try (JavaProcess _ = relay("first", firstPort)) {
                    awaitRelays(Map.of(one, 2, two, 2, three, 1));
                    traffic.awaitAnswered(100);

                    assertThat(stopped.terminate()).as(stopped.log()).isIn(0, 143);
                    awaitRelays(Map.of(one, 1, two, 1, three, 0));
                    traffic.awaitAnswered(50);
                    try (JavaProcess _ = relay("second", secondPort)) {
                        awaitRelays(Map.of(one, 2, two, 2, three, 1));
                        traffic.awaitAnswered(100);

                        traffic.stopAsking();
                        traffic.awaitAllTold(PATIENCE);
                    }
                }
                traffic.assertNothingRanTwice();
            }
        } finally {
            killed.close();
        }
    }
}
