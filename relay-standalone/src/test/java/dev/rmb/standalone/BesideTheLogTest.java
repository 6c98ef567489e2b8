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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Delivery beside the log: two gateways and a router, each a process of its own. */
final class BesideTheLogTest {
    private static final int CALLS = 300;
    private static final int MANY = 10_000;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir Path directory;
    private EmbeddedBroker broker;
    private RelayProcess router;
    private RelayProcess gatewayA;
    private RelayProcess gatewayB;

    @BeforeEach
    void startCluster() throws Exception {
        broker = EmbeddedBroker.start(directory.resolve("broker"), BrokerSettings.onFreePort());
        Path twins = TestTwins.write(directory.resolve("twins.jsonl"), 2);
        router =
                start(
                        "router",
                        "router",
                        "router: {name: router, listen: '127.0.0.1:0', streams: {stateDirectory: '%s', standbys: 0}}"
                                .formatted(directory.resolve("router")),
                        twins);
        gatewayA = startGateway("gateway-a", twins);
        gatewayB = startGateway("gateway-b", twins);
    }

    @AfterEach
    void stopCluster() {
        for (RelayProcess process : new RelayProcess[] {gatewayA, gatewayB, router}) {
            if (process != null) {
                process.close();
            }
        }
        broker.close();
    }

    @Test
    void callsGoBesideTheLogAndEveryRecordIsThereInTheEnd() throws Exception {
        try (RawPeer caller = TestTwins.connect(gatewayA.ws(), 1, null);
                RawPeer callee = TestTwins.connect(gatewayB.ws(), 2, null)) {
            for (int n = 0; n < CALLS; n++) {
                caller.send(numbered(caller, callee, n));
                assertThat(number(callee)).isEqualTo(n);
                callee.send(numbered(callee, caller, n));
                assertThat(number(caller)).isEqualTo(n);
            }

            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(metric("rmb_router_records_total")).isEqualTo(2L * CALLS));
            assertThat(metric("rmb_router_offers_taken_total")).isGreaterThan(CALLS);
            assertThat(metric("rmb_router_stored_total")).isLessThan(CALLS);
        }
    }

    @Test
    void tenThousandMessagesArriveCompleteAndInOrderOnceWhateverWayTheyTake() throws Exception {
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

    private long metric(String name) throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            String metrics =
                    http.send(
                                    HttpRequest.newBuilder(router.admin().resolve("/metrics"))
                                            .timeout(PATIENCE)
                                            .build(),
                                    HttpResponse.BodyHandlers.ofString())
                            .body();
            return metrics.lines()
                    .filter(line -> line.startsWith(name + " "))
                    .mapToLong(line -> (long) Double.parseDouble(line.substring(name.length() + 1)))
                    .sum();
        }
    }

    private RelayProcess startGateway(String name, Path twins) throws IOException {
        return start(
                "gateway",
                name,
                "gateway: {name: %s, listen: '127.0.0.1:0', offers: {enabled: true}}"
                        .formatted(name),
                twins);
    }

    private RelayProcess start(String role, String name, String specific, Path twins)
            throws IOException {
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
