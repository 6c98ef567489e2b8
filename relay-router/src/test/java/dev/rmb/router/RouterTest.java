package dev.rmb.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rmb.broker.BrokerSettings;
import dev.rmb.broker.EmbeddedBroker;
import dev.rmb.cluster.Partitioning;
import dev.rmb.cluster.link.Whereabouts;
import dev.rmb.proto.Envelope;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Routers on a real log, with a gateway that has no sockets. */
@Timeout(120)
final class RouterTest {
    private static final String UNKNOWN_TWIN = "rmb_router_refused_total{reason=\"unknown_twin\"}";

    @TempDir private static Path brokerDirectory = Path.of("");

    @SuppressWarnings("NullAway.Init")
    private static EmbeddedBroker broker;

    private static int clusters;

    @TempDir private Path directory = Path.of("");

    @SuppressWarnings("NullAway.Init")
    private TestCluster cluster;

    @BeforeAll
    static void startBroker() {
        broker = EmbeddedBroker.start(brokerDirectory, BrokerSettings.onFreePort());
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @BeforeEach
    void start() {
        cluster = new TestCluster(broker.bootstrapServers(), "rmb" + clusters++, directory);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void messagesForAConnectedClientArriveInOrderAndAreNotStored() throws Exception {
        ScriptedGateway gateway = cluster.gateway();
        cluster.router("router-1");
        var client = gateway.connect("7:a");

        cluster.sendAll(requests("7:a", 0, 5_000));

        awaitNumbers(client, 5_000);
        assertThat(gateway.broken()).isEmpty();
        await().atMost(TestCluster.PATIENCE)
                .until(() -> cluster.count("router-1", "rmb_router_acknowledged_total") == 5_000);
        assertThat(cluster.count("router-1", "rmb_router_stored_total")).isLessThan(100);
    }

    @Test
    void aGatewayIsToldWhetherAnAddressIsConnectedToAnother() throws Exception {
        ScriptedGateway gateway = cluster.gateway();
        cluster.router("router-1");
        var client = gateway.connect("7:a");
        cluster.sendAll(requests("7:a", 0, 1));
        awaitNumbers(client, 1);

        assertThat(whereabouts(gateway, "7:a")).isEqualTo(Whereabouts.CONNECTED);
        await().atMost(TestCluster.PATIENCE)
                .until(() -> whereabouts(gateway, "7:b") == Whereabouts.OFFLINE);
        client.disconnect();
        assertThat(whereabouts(gateway, "7:a")).isEqualTo(Whereabouts.OFFLINE);
    }

    private static Whereabouts whereabouts(ScriptedGateway gateway, String address)
            throws Exception {
        return gateway.ask(address).get(TestCluster.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    void mailWaitsForItsClientAlsoAcrossARestart() throws Exception {
        cluster.twin(7);
        ScriptedGateway gateway = cluster.gateway();
        Router first = cluster.router("router-1");
        cluster.sendAll(requests("7", 0, 1_000));
        awaitStored(1_000);
        cluster.stop("router-1", first);
        cluster.sendAll(requests("7", 1_000, 2_000));

        cluster.router("router-1");
        var client = gateway.connect("7");

        awaitNumbers(client, 2_000);
        assertThat(gateway.broken()).isEmpty();
    }

    @Test
    void mailIsRestoredFromKafkaWhenTheStateDirectoryIsLost() throws Exception {
        cluster.twin(7);
        ScriptedGateway gateway = cluster.gateway();
        Router first = cluster.router("router-1");
        cluster.sendAll(requests("7", 0, 1_000));
        awaitStored(1_000);
        cluster.stop("router-1", first);

        cluster.router("router-1", directory.resolve("empty"));
        var client = gateway.connect("7");

        awaitNumbers(client, 1_000);
    }

    @Test
    void whatWasInFlightWhenTheRouterStoppedIsDeliveredToTheNextSession() throws Exception {
        cluster.twin(7);
        ScriptedGateway gateway = cluster.gateway();
        Router first = cluster.router("router-1");
        var silent = gateway.connect("7", false);
        cluster.sendAll(requests("7", 0, 100));
        await().atMost(TestCluster.PATIENCE).until(() -> silent.received() == 100);
        cluster.stop("router-1", first);
        silent.disconnect();

        cluster.router("router-1");
        var client = gateway.connect("7");

        awaitNumbers(client, 100);
    }

    @Test
    void aLivingSessionSeesNothingTwiceAcrossARestart() throws Exception {
        ScriptedGateway gateway = cluster.gateway();
        Router first = cluster.router("router-1");
        var client = gateway.connect("7", false);
        cluster.sendAll(requests("7", 0, 100));
        await().atMost(TestCluster.PATIENCE).until(() -> client.received() == 100);
        cluster.stop("router-1", first);

        cluster.router("router-1");
        cluster.sendAll(requests("7", 100, 200));

        awaitNumbers(client, 200);
        assertThat(gateway.broken()).isEmpty();
    }

    @Test
    void twoRoutersShareThePartitionsAndOneTakesOverWhenTheOtherStops() throws Exception {
        ScriptedGateway gateway = cluster.gateway();
        Router first = cluster.router("router-1");
        Router second = cluster.router("router-2");
        await().atMost(TestCluster.PATIENCE)
                .untilAsserted(() -> {
                    assertThat(partitionsOf("router-1")).isEqualTo(2);
                    assertThat(partitionsOf("router-2")).isEqualTo(2);
                });
        List<ScriptedGateway.Client> clients = new ArrayList<>();
        for (int twin = 1; twin <= 20; twin++) {
            clients.add(gateway.connect(Integer.toString(twin)));
        }
        sendToAll(20, 0, 50);
        clients.forEach(client -> awaitNumbers(client, 50));

        cluster.stop("router-1", first);
        sendToAll(20, 50, 100);

        clients.forEach(client -> awaitNumbers(client, 100));
        assertThat(gateway.broken()).isEmpty();
        assertThat(second.isRunning()).isTrue();
        assertThat(partitionsOf("router-2")).isEqualTo(4);
    }

    @Test
    void aRequestToAnUnknownTwinIsAnsweredThroughTheLog() throws Exception {
        ScriptedGateway gateway = cluster.gateway();
        cluster.router("router-1");
        var caller = gateway.connect("99:caller");

        cluster.send("7", 1);

        await().atMost(TestCluster.PATIENCE).until(() -> caller.received() == 1);
        Envelope answer = Envelope.parseFrom(caller.envelopes().get(0));
        assertThat(answer.getUid()).isEqualTo("uid-1");
        assertThat(answer.hasSource()).isFalse();
        assertThat(answer.getError().getMessage()).isEqualTo("unknown twin destination");
    }

    @Test
    void aRequestThatMustNotWaitIsAnsweredWhenItsDestinationIsOffline() throws Exception {
        cluster.twin(7);
        ScriptedGateway gateway = cluster.gateway();
        cluster.router("router-1");
        var caller = gateway.connect("99:caller");

        cluster.send(TestCluster.request("7", 1, "fail-fast"));

        await().atMost(TestCluster.PATIENCE).until(() -> caller.received() == 1);
        Envelope answer = Envelope.parseFrom(caller.envelopes().get(0));
        assertThat(answer.getError().getMessage()).isEqualTo("destination offline");
    }

    @Test
    void aRequesterIsToldThatAMailboxIsFullAndThatAMessageHasExpired() throws Exception {
        cluster.twin(7);
        cluster.twin(8);
        ScriptedGateway gateway = cluster.gateway();
        cluster.router("router-1");
        var caller = gateway.connect("99:caller");

        cluster.sendAll(requests("7", 0, 10_001));
        await().atMost(TestCluster.PATIENCE).until(() -> caller.received() == 1);
        cluster.send(TestCluster.request("8", 1).toBuilder().setExpiration(1).build());
        await().atMost(TestCluster.PATIENCE).until(() -> caller.received() == 2);

        Envelope full = Envelope.parseFrom(caller.envelopes().get(0));
        assertThat(full.getUid()).isEqualTo("uid-10000");
        assertThat(full.getError().getMessage()).isEqualTo("mailbox full");
        Envelope expired = Envelope.parseFrom(caller.envelopes().get(1));
        assertThat(expired.getUid()).isEqualTo("uid-1");
        assertThat(expired.getError().getMessage()).isEqualTo("message has expired");
        await().atMost(TestCluster.PATIENCE)
                .until(() -> cluster.count("router-1", "rmb_router_mailbox_messages") == 10_000);
    }

    @Test
    void aNewSessionOfAnAddressEvictsTheFormer() throws Exception {
        ScriptedGateway gateway = cluster.gateway();
        cluster.router("router-1");
        var former = gateway.connect("7");
        cluster.send("7", 0);
        await().atMost(TestCluster.PATIENCE).until(() -> former.received() == 1);

        var latter = gateway.connect("7");
        await().atMost(TestCluster.PATIENCE).until(former::isEvicted);
        cluster.send("7", 1);

        await().atMost(TestCluster.PATIENCE).until(() -> latter.received() == 1);
        assertThat(former.received()).isEqualTo(1);
    }

    @Test
    void whatIsUnconfirmedGoesOutAgainAfterALinkLoss() throws Exception {
        ScriptedGateway gateway = cluster.gateway();
        cluster.router("router-1");
        var client = gateway.connect("7", false);
        cluster.sendAll(requests("7", 0, 10));
        await().atMost(TestCluster.PATIENCE).until(() -> client.received() == 10);

        gateway.cutLinks();
        cluster.sendAll(requests("7", 10, 20));

        awaitNumbers(client, 20);
        assertThat(gateway.broken()).isEmpty();
        await().atMost(TestCluster.PATIENCE)
                .until(() -> cluster.count("router-1", "rmb_router_delivered_total") >= 30);
    }

    @Test
    void anOwnerAnswersAnothersHigherClaimWithAnotherOneOfItsOwn() throws Exception {
        ScriptedGateway gateway = cluster.gateway();
        cluster.router("router-1");
        var client = gateway.connect("7");
        cluster.sendAll(requests("7", 0, 10));
        awaitNumbers(client, 10);
        int partition = Partitioning.partitionOf(7, cluster.kafka.partitions());

        long foreign = cluster.claim(partition, "router-2");
        await().atMost(TestCluster.PATIENCE)
                .untilAsserted(() ->
                        assertThat(gateway.claim(partition))
                                .isNotNull()
                                .satisfies(claim -> {
                                    assertThat(claim.epoch()).isGreaterThan(foreign);
                                    assertThat(claim.router()).isEqualTo("router-1");
                                }));
        cluster.sendAll(requests("7", 10, 20));

        awaitNumbers(client, 20);
        assertThat(gateway.broken()).isEmpty();
    }

    @Test
    void aPlannedStopReleasesThePartitions() throws Exception {
        ScriptedGateway gateway = cluster.gateway();
        Router router = cluster.router("router-1");
        await().atMost(TestCluster.PATIENCE).until(() -> gateway.claim(0) != null);

        cluster.stop("router-1", router);

        await().atMost(TestCluster.PATIENCE)
                .untilAsserted(() -> {
                    for (int p = 0; p < cluster.kafka.partitions(); p++) {
                        assertThat(gateway.claim(p)).isNull();
                    }
                });
    }

    @Test
    void envelopesOfUpTo16MiBPassAndAreStoredWhole() throws Exception {
        cluster.twin(7);
        ScriptedGateway gateway = cluster.gateway();
        cluster.router("router-1");
        Envelope large =
                TestCluster.request("7", 1).toBuilder()
                        .setPlain(com.google.protobuf.ByteString.copyFrom(new byte[16_000_000]))
                        .build();
        cluster.send(large);
        awaitStored(1);

        var client = gateway.connect("7");

        await().atMost(TestCluster.PATIENCE).until(() -> client.received() == 1);
        assertThat(client.envelopes().get(0)).isEqualTo(large.toByteArray());
    }

    @Test
    void manyLargeEnvelopesForTwinsThatAreAwayAreDecidedOnAndCostNoStreamThread() throws Exception {
        int twins = 16;
        for (int twin = 1; twin <= twins; twin++) {
            if (twin % 2 == 0) {
                cluster.twin(twin);
            }
            cluster.send(
                    TestCluster.request(Integer.toString(twin), twin).toBuilder()
                            .setPlain(com.google.protobuf.ByteString.copyFrom(new byte[16_000_000]))
                            .build());
        }
        var caller = cluster.gateway().connect("99:caller");

        // They come before it is settled who is connected, and are more than memory holds.
        cluster.router("router-1");

        await().atMost(TestCluster.PATIENCE)
                .untilAsserted(() -> {
                    assertThat(caller.received()).isEqualTo(twins / 2);
                    assertThat(cluster.count("router-1", UNKNOWN_TWIN)).isEqualTo(twins / 2);
                    assertThat(cluster.count("router-1", "rmb_router_mailbox_messages"))
                            .isEqualTo(twins / 2);
                });
        assertThat(cluster.count("router-1", "rmb_router_stream_threads_replaced_total")).isZero();
    }

    @Test
    void aRouterWhoseDirectoryCannotBeUsedSaysSoAndLeavesItsPartitionsToOthers() throws Exception {
        cluster.twin(7);
        ScriptedGateway gateway = cluster.gateway();
        Path broken = directory.resolve("broken");
        for (int partition = 0; partition < TestCluster.PARTITIONS; partition++) {
            Path task = broken.resolve("rmb%d-router/0_%d".formatted(clusters - 1, partition));
            Files.createDirectories(task);
            Files.writeString(task.resolve("rocksdb"), "where a directory should be");
        }

        assertThatThrownBy(() -> cluster.router("router-1", broken))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("the state directory " + broken + " cannot be used");

        cluster.router("router-2");
        var client = gateway.connect("7");
        cluster.sendAll(requests("7", 0, 10));
        awaitNumbers(client, 10);
    }

    private void awaitStored(int messages) {
        await().atMost(TestCluster.PATIENCE)
                .until(() -> cluster.count("router-1", "rmb_router_stored_total") == messages);
    }

    private long partitionsOf(String router) {
        return cluster.count(router, "rmb_router_partitions");
    }

    private void sendToAll(int twins, int from, int to) {
        List<Envelope> all = new ArrayList<>();
        for (int number = from; number < to; number++) {
            for (int twin = 1; twin <= twins; twin++) {
                all.add(TestCluster.request(Integer.toString(twin), number));
            }
        }
        cluster.sendAll(all);
    }

    private static List<Envelope> requests(String to, int from, int until) {
        return IntStream.range(from, until).mapToObj(n -> TestCluster.request(to, n)).toList();
    }

    /** Everything from 0 on has arrived, once and in order. */
    private static void awaitNumbers(ScriptedGateway.Client client, int count) {
        await().atMost(TestCluster.PATIENCE).until(() -> client.received() >= count);
        assertThat(client.envelopes().stream().map(TestCluster::number).toList())
                .isEqualTo(IntStream.range(0, count).boxed().toList());
    }
}
