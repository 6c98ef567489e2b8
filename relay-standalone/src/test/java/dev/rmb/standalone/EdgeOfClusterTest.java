package dev.rmb.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rmb.broker.BrokerSettings;
import dev.rmb.broker.EmbeddedBroker;
import dev.rmb.proto.Envelope;
import dev.rmb.testing.TestAuthority;
import dev.rmb.testing.TestIdentity;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What clients of several gateways meet at each of them. */
final class EdgeOfClusterTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String BANS = "/api/v1/bans";
    private static final byte[] ONE = {1};

    @TempDir Path directory;
    private EmbeddedBroker broker;
    private Path twins;
    private RelayProcess router;
    private RelayProcess one;
    private RelayProcess two;

    @BeforeEach
    void startCluster() throws Exception {
        broker = EmbeddedBroker.start(directory.resolve("broker"), BrokerSettings.onFreePort());
        twins = TestTwins.write(directory.resolve("twins.jsonl"), 3);
        router =
                start(
                        "router",
                        "router",
                        "router: {name: router, listen: '127.0.0.1:0', streams: {stateDirectory:"
                                + " '%s', standbys: 0}}".formatted(directory.resolve("state")));
        one = gateway("one", "");
        two = gateway("two", "");
    }

    @AfterEach
    void stopCluster() {
        for (RelayProcess process : new RelayProcess[] {one, two, router}) {
            if (process != null) {
                process.close();
            }
        }
        broker.close();
    }

    @Test
    void aBanOfOneGatewayHoldsOnEachAndAfterARestart() throws Exception {
        try (RawPeer banned = TestTwins.connect(two.ws(), 1, null);
                RawPeer other = TestTwins.connect(two.ws(), 2, null)) {
            assertThat(ask(one, "PUT", BANS + "/twin:1", "{}")).isEqualTo(200);
            long start = System.nanoTime();
            assertThat(banned.closed()).succeedsWithin(PATIENCE).isEqualTo(1008);
            assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)).isLessThan(1_000);
            assertThat(other.closed()).isNotDone();
        }
        assertThatThrownBy(() -> TestTwins.connect(two.ws(), 1, null))
                .hasStackTraceContaining("403");
        assertThat(two.terminate()).isZero();
        two = gateway("two", "");
        assertThatThrownBy(() -> TestTwins.connect(two.ws(), 1, null))
                .hasStackTraceContaining("403");
        // Routers' admin ports answer for the cluster, too.
        assertThat(ask(router, "DELETE", BANS + "/twin:1", "")).isEqualTo(204);
        await().atMost(Duration.ofSeconds(5))
                .ignoreExceptions()
                .untilAsserted(() -> TestTwins.connect(two.ws(), 1, null).close());
    }

    @Test
    void aGatewayIsDrainedAndTakesClientsAgain() throws Exception {
        try (RawPeer there = TestTwins.connect(one.ws(), 1, null);
                RawPeer elsewhere = TestTwins.connect(two.ws(), 2, null)) {
            assertThat(ask(one, "POST", "/api/v1/pods/one/drain", "")).isEqualTo(202);

            assertThat(there.closed()).succeedsWithin(PATIENCE).isEqualTo(1001);
            assertThat(ask(one, "GET", "/health/ready", "")).isEqualTo(503);
            assertThat(ask(two, "GET", "/health/ready", "")).isEqualTo(200);
            assertThat(elsewhere.closed()).isNotDone();
            assertThatThrownBy(() -> TestTwins.connect(one.ws(), 1, null))
                    .hasStackTraceContaining("503");

            assertThat(ask(one, "POST", "/api/v1/pods/one/undrain", "")).isEqualTo(202);
            assertThat(ask(one, "GET", "/health/ready", "")).isEqualTo(200);
            TestTwins.connect(one.ws(), 1, null).close();
        }
        assertThat(one.terminate()).isZero();
    }

    @Test
    void whatATwinSendsThroughTwoGatewaysCountsTogether() throws Exception {
        try (RawPeer first = TestTwins.connect(one.ws(), 1, "one");
                RawPeer second = TestTwins.connect(two.ws(), 1, "two");
                RawPeer receiver = TestTwins.connect(two.ws(), 2, null)) {
            awaitYoungMinute();
            for (int n = 0; n < 70; n++) {
                first.send(
                        TestEnvelopes.request(first.address(), receiver.address(), "a" + n, ONE));
                assertThat(receiver.next()).isNotEmpty();
            }
            // Of the second gateway's first messages some pass before it hears of the others.
            for (int n = 0; n < 5; n++) {
                second.send(
                        TestEnvelopes.request(second.address(), receiver.address(), "b" + n, ONE));
                assertThat(receiver.next()).isNotEmpty();
            }
            await().pollDelay(Duration.ofMillis(500)).until(() -> true);
            for (int n = 5; n < 40; n++) {
                second.send(
                        TestEnvelopes.request(second.address(), receiver.address(), "b" + n, ONE));
            }
            int received = 75;
            while (receiver.nextWithin(Duration.ofSeconds(2)) != null) {
                received++;
            }
            // And a few more where it hears late.
            assertThat(received).isBetween(100, 105);
            Envelope refusal = Envelope.parseFrom(second.next());
            assertThat(refusal.getError().getMessage())
                    .isEqualTo("exceeded rate limits, dropping message");
        }
    }

    /** The limit is that of a minute of the clock: it must not end in the middle. */
    private static void awaitYoungMinute() {
        await().atMost(Duration.ofSeconds(40))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> System.currentTimeMillis() % 60_000 < 35_000);
    }

    @Test
    void aGatewayWithTlsSaysSoInItsFirstLine() throws Exception {
        TestIdentity files = new TestAuthority("public").identity("localhost").writeTo(directory);
        try (RelayProcess secured =
                gateway(
                        "secured",
                        ", tls: {certificate: '%s', key: '%s'}"
                                .formatted(files.certificate(), files.key()))) {
            assertThat(secured.ws().getScheme()).isEqualTo("wss");
            assertThat(secured.terminate()).isZero();
        }
    }

    private static int ask(RelayProcess process, String method, String path, String body)
            throws Exception {
        URI uri = URI.create(process.admin() + path);
        try (var http = HttpClient.newHttpClient()) {
            return http.send(
                            HttpRequest.newBuilder(uri)
                                    .timeout(PATIENCE)
                                    .header("Content-Type", "application/json")
                                    .header("Authorization", RelayProcess.authorization())
                                    .method(method, HttpRequest.BodyPublishers.ofString(body))
                                    .build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        }
    }

    private RelayProcess gateway(String name, String more) throws IOException {
        return start(
                "gateway",
                name,
                "gateway: {name: %s, listen: '127.0.0.1:0', rateLimit: {messages: 100}%s}"
                        .formatted(name, more));
    }

    private RelayProcess start(String role, String name, String section) throws IOException {
        Path config =
                Files.writeString(
                        directory.resolve(name + ".yaml"),
                        """
                        %s
                        kafka: {bootstrap.servers: '%s', partitions: 4, replication: 1, acceptWeakReplication: true}
                        twins: {type: file, path: '%s'}
                        admin: {listen: '127.0.0.1:0'}
                        """
                                .formatted(section, broker.bootstrapServers(), twins));
        return RelayProcess.start(directory.resolve(name + ".log"), role, config.toString());
    }
}
