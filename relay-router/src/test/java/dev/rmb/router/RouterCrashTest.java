package dev.rmb.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rmb.broker.BrokerSettings;
import dev.rmb.broker.EmbeddedBroker;
import dev.rmb.cluster.link.Endpoint;
import dev.rmb.cluster.link.GrpcLinkConnector;
import dev.rmb.cluster.link.LinkSecurity;
import dev.rmb.proto.Envelope;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Routers that die. */
@Timeout(180)
final class RouterCrashTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int CONNECTED = 8;
    private static final int SILENT = 4;
    private static final int OFFLINE = 4;
    private static final int ALL = CONNECTED + SILENT + OFFLINE;
    private static final int PER_BURST = 5;
    private static final long BURST_MS = 10;
    private static final long BETWEEN_KILLS_MS = 1_500;

    @TempDir private Path directory = Path.of("");

    private final CountDownLatch enough = new CountDownLatch(1);

    @Test
    void nothingIsLostOrRepeatedWhileRoutersAreKilledAndLoseTheirState() throws Exception {
        try (var broker =
                        EmbeddedBroker.start(
                                directory.resolve("broker"), BrokerSettings.onFreePort());
                var connector =
                        new GrpcLinkConnector(
                                new Endpoint("gateway-1", 1), new LinkSecurity.OnThisMachine());
                var cluster = new TestCluster(broker.bootstrapServers(), "rmb", directory)) {
            ScriptedGateway gateway = cluster.gateway(_ -> connector);
            Process router = RouterProcess.start(cluster.kafka, "router-1", directory.resolve("a"));
            List<ScriptedGateway.Client> clients = new ArrayList<>();
            for (int twin = 1; twin <= CONNECTED; twin++) {
                clients.add(gateway.connect(Integer.toString(twin)));
            }
            var sent = CompletableFuture.supplyAsync(() -> send(cluster));

            try {
                // The same directory again, then one that knows nothing.
                for (String state : List.of("a", "b")) {
                    // They get messages, and are gone with the router before they confirm any.
                    List<ScriptedGateway.Client> silent = new ArrayList<>();
                    for (int twin = CONNECTED + 1; twin <= CONNECTED + SILENT; twin++) {
                        silent.add(gateway.connect(Integer.toString(twin), false));
                    }
                    await().pollDelay(BETWEEN_KILLS_MS, TimeUnit.MILLISECONDS).until(() -> true);
                    router.destroyForcibly().waitFor();
                    silent.forEach(ScriptedGateway.Client::disconnect);
                    router =
                            RouterProcess.start(
                                    cluster.kafka, "router-" + state, directory.resolve(state));
                }
                enough.countDown();
                int count = sent.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                for (int twin = CONNECTED + 1; twin <= ALL; twin++) {
                    clients.add(gateway.connect(Integer.toString(twin)));
                }

                for (ScriptedGateway.Client client : clients) {
                    await().atMost(PATIENCE).until(() -> client.received() >= count);
                    assertThat(client.envelopes().stream().map(TestCluster::number).toList())
                            .isEqualTo(IntStream.range(0, count).boxed().toList());
                }
                assertThat(gateway.broken()).isEmpty();
            } finally {
                enough.countDown();
                router.destroyForcibly();
            }
        }
    }

    /** Sends to everybody until it is enough; returns how many each was sent. */
    private int send(TestCluster cluster) {
        int number = 0;
        try {
            while (!enough.await(BURST_MS, TimeUnit.MILLISECONDS)) {
                List<Envelope> burst = new ArrayList<>();
                for (int i = 0; i < PER_BURST; i++, number++) {
                    for (int twin = 1; twin <= ALL; twin++) {
                        burst.add(TestCluster.request(Integer.toString(twin), number));
                    }
                }
                cluster.sendAll(burst);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return number;
    }
}
