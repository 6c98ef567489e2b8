package dev.rmb.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rmb.broker.BrokerSettings;
import dev.rmb.broker.EmbeddedBroker;
import dev.rmb.cluster.Partitioning;
import dev.rmb.cluster.Topics;
import dev.rmb.kafka.TopicSetup;
import dev.rmb.proto.Envelope;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A single broker loses the end of its log, or the log is made anew. See delivery.md, 19. */
@Timeout(180)
final class LogCutTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Connected all the time. */
    private static final String HERE = "7";

    /** Another twin in the same partition. */
    private static final String AWAY =
            LongStream.iterate(8, twin -> twin + 1)
                    .filter(twin -> partition(twin) == partition(7))
                    .mapToObj(Long::toString)
                    .findFirst()
                    .orElseThrow();

    private static final int FIRST = 100;
    private static final int WAITING = 20;
    private static final int CUT = 60;
    private static final int MORE = 30;

    @TempDir private Path directory = Path.of("");

    @ParameterizedTest(name = "the router lives: {0}")
    @ValueSource(booleans = {true, false})
    void rule19OffsetsThatAreGivenAgainAreNeitherTakenForOldOnesNorFiltered(boolean lives)
            throws Exception {
        EmbeddedBroker broker =
                EmbeddedBroker.start(directory.resolve("broker"), BrokerSettings.onFreePort());
        int port = broker.port();
        try (var cluster = new TestCluster(broker.bootstrapServers(), "rmb", directory)) {
            ScriptedGateway gateway = cluster.gateway();
            Router router = cluster.router("router-1");
            ScriptedGateway.Client here = before(cluster, gateway);
            if (!lives) {
                cluster.stop("router-1", router);
            }

            broker.close();
            cut(CUT);
            broker = EmbeddedBroker.start(directory.resolve("broker"), BrokerSettings.onPort(port));
            after(cluster);
            if (!lives) {
                cluster.router("router-1");
            }

            arrived(gateway, here);
        } finally {
            broker.close();
        }
    }

    @Test
    void rule19AMailboxOutlivesALogThatIsMadeAnew() throws Exception {
        try (EmbeddedBroker broker =
                        EmbeddedBroker.start(
                                directory.resolve("broker"), BrokerSettings.onFreePort());
                var cluster = new TestCluster(broker.bootstrapServers(), "rmb", directory);
                var admin = Admin.create(cluster.kafka.admin("test"))) {
            ScriptedGateway gateway = cluster.gateway();
            Router router = cluster.router("router-1");
            ScriptedGateway.Client here = before(cluster, gateway);
            cluster.stop("router-1", router);

            var topics = new Topics(cluster.kafka);
            admin.deleteTopics(List.of(topics.envelopes()))
                    .all()
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            await().atMost(PATIENCE)
                    .until(() ->
                            !admin.listTopics()
                                    .names()
                                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                                    .contains(topics.envelopes()));
            new TopicSetup(cluster.kafka, PATIENCE).ensure(topics.required());
            after(cluster);
            cluster.router("router-1");

            arrived(gateway, here);
        }
    }

    /** Everything is delivered, or stored, and committed. */
    private static ScriptedGateway.Client before(TestCluster cluster, ScriptedGateway gateway)
            throws Exception {
        cluster.twin(Long.parseLong(HERE));
        cluster.twin(Long.parseLong(AWAY));
        ScriptedGateway.Client here = gateway.connect(HERE);
        // One by one: a batch is lost or kept as a whole.
        for (Envelope request : requests(HERE, 0, FIRST)) {
            cluster.send(request);
        }
        cluster.sendAll(requests(AWAY, 0, WAITING));
        awaitNumbers(here, FIRST);
        await().atMost(PATIENCE)
                .until(() -> cluster.count("router-1", "rmb_router_stored_total") == WAITING);
        // The topic's id is noted a second after the takeover, and committed some time later.
        await().pollDelay(Duration.ofSeconds(3)).until(() -> true);
        return here;
    }

    private static void after(TestCluster cluster) {
        cluster.sendAll(requests(HERE, FIRST, FIRST + MORE));
        cluster.sendAll(requests(AWAY, WAITING, WAITING + MORE));
    }

    private static void arrived(ScriptedGateway gateway, ScriptedGateway.Client here) {
        awaitNumbers(here, FIRST + MORE);
        awaitNumbers(gateway.connect(AWAY), WAITING + MORE);
        assertThat(gateway.broken()).isEmpty();
    }

    private static List<Envelope> requests(String to, int from, int until) {
        return IntStream.range(from, until).mapToObj(n -> TestCluster.request(to, n)).toList();
    }

    private static void awaitNumbers(ScriptedGateway.Client client, int count) {
        await().atMost(PATIENCE).until(() -> client.received() >= count);
        assertThat(client.envelopes().stream().map(TestCluster::number).toList())
                .isEqualTo(IntStream.range(0, count).boxed().toList());
    }

    private static int partition(long twin) {
        return Partitioning.partitionOf(twin, TestCluster.PARTITIONS);
    }

    /** Takes all batches that hold {@code offset} or later ones out of the log of the partition. */
    private void cut(int offset) throws IOException {
        Path log;
        try (Stream<Path> all = Files.walk(directory.resolve("broker"))) {
            log =
                    all.filter(p -> p.endsWith("rmb.envelopes-" + partition(7)))
                            .findFirst()
                            .orElseThrow();
        }
        try (Stream<Path> files = Files.list(log)) {
            for (Path file : files.toList()) {
                String name = file.toString();
                if (name.endsWith(".log")) {
                    truncate(file, offset);
                } else if (name.endsWith("index") || name.endsWith(".snapshot")) {
                    Files.delete(file);
                }
            }
        }
        Files.deleteIfExists(log.resolveSibling(".kafka_cleanshutdown"));
    }

    private static void truncate(Path segment, int offset) throws IOException {
        try (var file =
                FileChannel.open(segment, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer head = ByteBuffer.allocate(Long.BYTES + Integer.BYTES);
            long at = 0;
            while (file.read(head.clear(), at) == head.capacity() && head.getLong(0) < offset) {
                at += head.capacity() + head.getInt(Long.BYTES);
            }
            file.truncate(at);
        }
    }
}
