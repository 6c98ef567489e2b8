package dev.rmb.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.rmb.broker.BrokerSettings;
import dev.rmb.broker.EmbeddedBroker;
import dev.rmb.proto.Envelope;
import dev.rmb.testing.ScriptedRelay;
import dev.rmb.testing.ScriptedRelay.Reply;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Routers on a real log whose twins live on another relay, which does as it is told. */
@Timeout(180)
final class FederatingRouterTest {
    private static final Duration LONG = Duration.ofSeconds(90);

    @TempDir private static Path brokerDirectory = Path.of("");

    @SuppressWarnings("NullAway.Init")
    private static EmbeddedBroker broker;

    private static int clusters;

    @TempDir private Path directory = Path.of("");

    @SuppressWarnings("NullAway.Init")
    private TestCluster cluster;

    @SuppressWarnings("NullAway.Init")
    private ScriptedRelay other;

    @BeforeAll
    static void startBroker() {
        broker = EmbeddedBroker.start(brokerDirectory, BrokerSettings.onFreePort());
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @BeforeEach
    void start() throws Exception {
        cluster = new TestCluster(broker.bootstrapServers(), "fed" + clusters++, directory);
        other = ScriptedRelay.start();
    }

    @AfterEach
    void stop() {
        cluster.close();
        other.close();
    }

    @Test
    void messagesForATwinOfAnotherRelayGoThereInOrderAndByteForByte() throws Exception {
        cluster.twin(7, other.domain());
        cluster.gateway();
        cluster.router("router-1");
        List<Envelope> sent = requests("7:a", 0, 1_000);

        cluster.sendAll(sent);

        List<ByteString> bytes = sent.stream().map(Envelope::toByteString).toList();
        // Twice perhaps, if this machine is so slow that an answer comes too late.
        await().atMost(LONG)
                .until(() ->
                        other.accepted().stream()
                                .map(ByteString::copyFrom)
                                .distinct()
                                .toList()
                                .equals(bytes));
        await().atMost(TestCluster.PATIENCE)
                .until(() -> cluster.count("router-1", "rmb_router_mailbox_messages") == 0);
        assertThat(cluster.count("router-1", "federation_message_success"))
                .isGreaterThanOrEqualTo(1_000);
    }

    @Test
    void nothingIsLostWhenTheRouterIsRestartedInTheMiddleOfTenThousandMessages() throws Exception {
        int addresses = 50;
        int each = 200;
        cluster.twin(7, other.domain());
        cluster.gateway();
        List<Envelope> all = new ArrayList<>();
        for (int number = 0; number < each; number++) {
            for (int address = 0; address < addresses; address++) {
                all.add(TestCluster.request("7:" + address, number));
            }
        }
        Router first = cluster.router("router-1");
        cluster.sendAll(all);
        await().pollInterval(Duration.ofMillis(2))
                .atMost(LONG)
                .until(() -> other.accepted().size() >= 1_000);
        cluster.stop("router-1", first);
        int atTheStop = other.accepted().size();
        assertThat(atTheStop).as("it was to be in the middle").isLessThan(addresses * each);

        cluster.router("router-1", directory.resolve("another"));

        awaitAll(addresses, each);
    }

    @Test
    void nothingIsLostWhenRoutersAreKilledInTheMiddleOfTenThousandMessages() throws Exception {
        int addresses = 50;
        int each = 200;
        List<Envelope> all = new ArrayList<>();
        for (int number = 0; number < each; number++) {
            for (int address = 0; address < addresses; address++) {
                all.add(TestCluster.request("7:" + address, number));
            }
        }
        Process router = startProcess("router-1", "a");
        try {
            cluster.sendAll(all);
            // The same directory again, then one that knows nothing.
            for (String state : List.of("a", "b")) {
                int enough = other.accepted().size() + 1_000;
                await().pollInterval(Duration.ofMillis(2))
                        .atMost(LONG)
                        .until(() -> other.accepted().size() >= enough);
                router.destroyForcibly().waitFor();
                assertThat(other.accepted().size())
                        .as("it was to be in the middle")
                        .isLessThan(addresses * each);
                router = startProcess("router-" + state, state);
            }
            awaitAll(addresses, each);
        } finally {
            router.destroyForcibly().waitFor();
        }
    }

    private Process startProcess(String name, String state) throws Exception {
        return RouterProcess.start(cluster.kafka, name, directory.resolve(state), other.domain());
    }

    @Test
    void aRelayThatIsDownForAWhileGetsEverythingInOrderWhenItIsBack() throws Exception {
        cluster.twin(7, other.domain());
        cluster.gateway();
        Router router = cluster.router("router-1");
        other.always(Reply.status(503));
        cluster.sendAll(requests("7", 0, 100));
        await().atMost(TestCluster.PATIENCE).until(() -> other.requests() >= 6);
        assertThat(router.federation().relays())
                .singleElement()
                .satisfies(relay -> {
                    assertThat(relay.domain()).isEqualTo(other.domain());
                    assertThat(relay.failuresLately()).isGreaterThanOrEqualTo(3);
                    assertThat(relay.waiting()).isEqualTo(1);
                    assertThat(relay.lastError()).isEqualTo("HTTP status 503");
                });

        other.always(Reply.ACCEPTED);
        router.federation().reset(other.domain());

        await().atMost(LONG).until(() -> other.accepted().size() >= 100);
        assertThat(other.accepted().stream().map(TestCluster::number).distinct().toList())
                .isEqualTo(IntStream.range(0, 100).boxed().toList());
    }

    @Test
    void requestersAreToldWhatWillNeverArrive() throws Exception {
        cluster.twin(7, other.domain());
        cluster.twin(8, "127.0.0.1:1");
        cluster.twin(99);
        ScriptedGateway gateway = cluster.gateway();
        cluster.router("router-1");
        var caller = gateway.connect("99:caller");

        other.always(Reply.status(404));
        cluster.send(TestCluster.request("7", 0, "fail-fast"));
        assertThat(error(caller, 0)).isEqualTo("uid-0 destination offline");
        other.always(Reply.status(400));
        cluster.send(TestCluster.request("7", 1));
        assertThat(error(caller, 1)).isEqualTo("uid-1 destination offline");
        // Nobody listens there.
        cluster.send(TestCluster.request("8", 2, "fail-fast"));
        assertThat(error(caller, 2)).isEqualTo("uid-2 destination offline");
        cluster.send(TestCluster.request("8", 3).toBuilder().setExpiration(3).build());
        assertThat(error(caller, 3)).isEqualTo("uid-3 message has expired");
    }

    /** Each address has got all of its messages, the first time in order. */
    private void awaitAll(int addresses, int each) {
        await().atMost(LONG)
                .untilAsserted(() ->
                        assertThat(
                                        byAddress(other.accepted()).values().stream()
                                                .mapToInt(Set::size)
                                                .sum())
                                .isEqualTo(addresses * each));
        // First receipts are in order; what was under way at the stop may come twice.
        byAddress(other.accepted())
                .forEach((address, numbers) ->
                        assertThat(numbers)
                                .as(address)
                                .containsExactlyElementsOf(
                                        IntStream.range(0, each).boxed().toList()));
    }

    private static String error(ScriptedGateway.Client caller, int at) throws Exception {
        await().atMost(TestCluster.PATIENCE).until(() -> caller.received() > at);
        Envelope envelope = Envelope.parseFrom(caller.envelopes().get(at));
        return envelope.getUid() + " " + envelope.getError().getMessage();
    }

    private static Map<String, Set<Integer>> byAddress(List<byte[]> envelopes) {
        Map<String, Set<Integer>> byAddress = new HashMap<>();
        for (byte[] bytes : envelopes) {
            try {
                Envelope envelope = Envelope.parseFrom(bytes);
                byAddress
                        .computeIfAbsent(
                                envelope.getDestination().getConnection(),
                                _ -> new LinkedHashSet<>())
                        .add(TestCluster.number(bytes));
            } catch (com.google.protobuf.InvalidProtocolBufferException e) {
                throw new IllegalStateException(e);
            }
        }
        return byAddress;
    }

    private static List<Envelope> requests(String to, int from, int until) {
        return IntStream.range(from, until).mapToObj(n -> TestCluster.request(to, n)).toList();
    }
}
