package dev.rmb.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rmb.broker.BrokerSettings;
import dev.rmb.broker.EmbeddedBroker;
import dev.rmb.proto.Envelope;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two gateways and two routers, each a process of its own, against one broker. */
final class ClusterTest {
    private static final int MANY = 10_000;
    private static final int TWINS = 8;
    private static final int WHILE_AWAY = 2_000;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir Path directory;
    private EmbeddedBroker broker;
    private RelayProcess routerA;
    private RelayProcess routerB;
    private RelayProcess gatewayA;
    private RelayProcess gatewayB;

    @BeforeEach
    void startCluster() throws Exception {
        broker = EmbeddedBroker.start(directory.resolve("broker"), BrokerSettings.onFreePort());
        Path twins = TestTwins.write(directory.resolve("twins.jsonl"), TWINS);
        routerA = start("router", "router-a", twins);
        routerB = start("router", "router-b", twins);
        gatewayA = start("gateway", "gateway-a", twins);
        gatewayB = start("gateway", "gateway-b", twins);
    }

    @AfterEach
    void stopCluster() {
        for (RelayProcess process : new RelayProcess[] {gatewayA, gatewayB, routerA, routerB}) {
            if (process != null) {
                process.close();
            }
        }
        broker.close();
    }

    @Test
    void aClientOnOneGatewayTalksToAClientOnTheOther() throws Exception {
        try (RawPeer sender = TestTwins.connect(gatewayA.ws(), 1, "caller")) {
            // Several twins, so that both routers own some of them.
            for (long twin = 2; twin <= TWINS; twin++) {
                try (RawPeer receiver = TestTwins.connect(gatewayB.ws(), twin, null)) {
                    byte[] there =
                            TestEnvelopes.unusual(
                                    sender.address(), receiver.address(), "there", 100, twin);
                    sender.send(there);
                    assertThat(receiver.next()).isEqualTo(there);
                    byte[] back =
                            TestEnvelopes.unusual(
                                    receiver.address(), sender.address(), "back", 100, twin);
                    receiver.send(back);
                    assertThat(sender.next()).isEqualTo(back);
                }
            }
        }
    }

    @Test
    void tenThousandMessagesBetweenGatewaysArriveCompleteAndInOrder() throws Exception {
        try (RawPeer sender = TestTwins.connect(gatewayA.ws(), 1, null);
                RawPeer receiver = TestTwins.connect(gatewayB.ws(), 2, null)) {
            for (int n = 0; n < MANY; n++) {
                sender.send(numbered(sender, receiver, n));
            }
            for (int n = 0; n < MANY; n++) {
                assertThat(number(receiver)).isEqualTo(n);
            }
        }
    }

    @Test
    void aNewerConnectionOnAnotherGatewayTakesTheAddressOver() throws Exception {
        try (RawPeer older = TestTwins.connect(gatewayA.ws(), 2, "phone");
                RawPeer sender = TestTwins.connect(gatewayA.ws(), 1, null)) {
            byte[] first =
                    TestEnvelopes.request(sender.address(), older.address(), "1", new byte[1]);
            sender.send(first);
            assertThat(older.next()).isEqualTo(first);
            try (RawPeer newer = TestTwins.connect(gatewayB.ws(), 2, "phone")) {
                assertThat(older.closed()).succeedsWithin(Duration.ofSeconds(10));
                byte[] second =
                        TestEnvelopes.request(sender.address(), newer.address(), "2", new byte[2]);
                sender.send(second);
                byte[] got = newer.next();
                // What the older one never confirmed may come again, before anything new.
                assertThat(Arrays.equals(got, first) ? newer.next() : got).isEqualTo(second);
            }
        }
    }

    @Test
    void whileKafkaIsAwayNobodyIsReadyAndAllResumesByItselfInOrder() throws Exception {
        try (RawPeer sender = TestTwins.connect(gatewayA.ws(), 1, null);
                RawPeer receiver = TestTwins.connect(gatewayB.ws(), 2, null)) {
            sender.send(numbered(sender, receiver, 0));
            assertThat(number(receiver)).isZero();

            int port = broker.port();
            broker.close();
            for (int n = 1; n <= WHILE_AWAY; n++) {
                sender.send(numbered(sender, receiver, n));
            }
            for (RelayProcess process : List.of(gatewayA, gatewayB, routerA, routerB)) {
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(readiness(process)).isEqualTo(503));
            }

            broker = EmbeddedBroker.start(directory.resolve("broker"), BrokerSettings.onPort(port));
            for (int n = 1; n <= WHILE_AWAY; n++) {
                assertThat(number(receiver)).isEqualTo(n);
            }
            for (RelayProcess process : List.of(gatewayA, gatewayB, routerA, routerB)) {
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(readiness(process)).isEqualTo(200));
            }
        }
    }

    @Test
    void everyProcessStopsCleanlyWhenAsked() throws Exception {
        assertThat(gatewayA.terminate()).isZero();
        assertThat(routerA.terminate()).isZero();
        assertThat(gatewayB.terminate()).isZero();
        assertThat(routerB.terminate()).isZero();
    }

    private static byte[] numbered(RawPeer from, RawPeer to, int n) {
        return TestEnvelopes.request(
                from.address(),
                to.address(),
                "n" + n,
                Integer.toString(n).getBytes(StandardCharsets.UTF_8));
    }

    private static int number(RawPeer receiver) throws Exception {
        return Integer.parseInt(Envelope.parseFrom(receiver.next()).getPlain().toStringUtf8());
    }

    private static int readiness(RelayProcess process) throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            return http.send(
                            HttpRequest.newBuilder(process.admin().resolve("/health/ready"))
                                    .timeout(PATIENCE)
                                    .build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        }
    }

    private RelayProcess start(String role, String name, Path twins) throws IOException {
        String specific =
                role.equals("gateway")
                        ? "gateway: {name: %s, listen: '127.0.0.1:0'}".formatted(name)
                        : "router: {name: %s, listen: '127.0.0.1:0', streams: {stateDirectory: '%s', standbys: 0}}"
                                .formatted(name, directory.resolve(name));
        Path config =
                Files.writeString(
                        directory.resolve(name + ".yaml"),
                        """
                        %s
                        kafka: {bootstrap.servers: '%s', partitions: 4, replication: 1, acceptWeakReplication: true}
                        twins: {type: file, path: '%s'}
                        admin: {listen: '127.0.0.1:0'}
                        """
                                .formatted(specific, broker.bootstrapServers(), twins));
        return RelayProcess.start(directory.resolve(name + ".log"), role, config.toString());
    }
}
