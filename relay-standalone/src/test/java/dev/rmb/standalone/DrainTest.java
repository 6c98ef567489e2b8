package dev.rmb.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rmb.broker.BrokerSettings;
import dev.rmb.broker.EmbeddedBroker;
import dev.rmb.proto.Envelope;
import dev.rmb.protocol.Address;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A gateway that stops while a thousand clients are connected to it through a balancer. */
@Timeout(180)
final class DrainTest {
    private static final int SESSIONS = 1_000;
    private static final int TWINS = 5;
    private static final int ROUND_MS = 1_000;
    private static final Duration PERIOD = Duration.ofSeconds(8);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int GOING_AWAY = 1001;

    /** The sender's twin. */
    private static final long SENDER = TWINS + 1;

    @TempDir Path directory;
    private EmbeddedBroker broker;
    private RelayProcess router;
    private RelayProcess leaving;
    private RelayProcess staying;
    private TestBalancer balancer;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Receiver> receivers = new ArrayList<>();
    private volatile boolean over;

    @BeforeEach
    void startCluster() throws Exception {
        broker = EmbeddedBroker.start(directory.resolve("broker"), BrokerSettings.onFreePort());
        Path twins = TestTwins.write(directory.resolve("twins.jsonl"), TWINS + 1);
        router = start("router", "router", twins);
        leaving = start("gateway", "leaving", twins);
        staying = start("gateway", "staying", twins);
        balancer = TestBalancer.start();
    }

    @AfterEach
    void stopCluster() throws Exception {
        over = true;
        for (Receiver receiver : receivers) {
            receiver.peer.close();
        }
        threads.shutdownNow();
        for (AutoCloseable each :
                new @Nullable AutoCloseable[] {balancer, leaving, staying, router, broker}) {
            if (each != null) {
                each.close();
            }
        }
    }

    @Test
    void aThousandClientsMoveOneAfterTheOtherAndNothingIsLostOrRepeated() throws Exception {
        balancer.add(leaving);
        connectReceivers();
        balancer.add(staying);
        try (RawPeer sender = TestTwins.connect(staying.ws(), SENDER, null)) {
            var sending = new Sending(sender);
            CompletableFuture<Integer> sent = CompletableFuture.supplyAsync(sending::run, threads);
            await().atMost(PATIENCE).until(() -> received() > SESSIONS);

            assertThat(leaving.terminate()).isZero();
            await().atMost(PATIENCE).until(() -> receivers.stream().allMatch(r -> r.moved));
            int enough = sending.rounds + 2;
            await().atMost(PATIENCE).until(() -> sending.rounds >= enough);
            sending.enough = true;
            int rounds = sent.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(receivers.stream().mapToInt(Receiver::count))
                                    .containsOnly(rounds));
            assertThat(receivers).allSatisfy(r -> assertThat(r.problems).isEmpty());
            expectSpread();
        }
    }

    /** No tenth of the time in which they left has more than a third of them. */
    private void expectSpread() {
        long first = receivers.stream().mapToLong(r -> r.leftAt).min().orElseThrow();
        var tenths = new int[10];
        for (Receiver receiver : receivers) {
            long tenth = (receiver.leftAt - first) * 10 / PERIOD.toNanos();
            tenths[(int) Math.min(tenth, 9)]++;
        }
        assertThat(Arrays.stream(tenths).max().orElseThrow())
                .as(Arrays.toString(tenths))
                .isLessThanOrEqualTo(SESSIONS / 3);
    }

    private int received() {
        return receivers.stream().mapToInt(Receiver::count).sum();
    }

    private void connectReceivers() throws Exception {
        List<Future<Receiver>> connecting = new ArrayList<>();
        for (int i = 0; i < SESSIONS; i++) {
            int index = i;
            connecting.add(threads.submit(() -> new Receiver(index)));
        }
        for (Future<Receiver> each : connecting) {
            Receiver receiver = each.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            receivers.add(receiver);
            var _ = threads.submit(receiver::run);
        }
    }

    private static Address address(int receiver) {
        return new Address(1 + receiver % TWINS, "r" + receiver);
    }

    /** Sends the same number to each receiver, and then the next one. */
    private final class Sending {
        private final RawPeer peer;
        private volatile int rounds;
        private volatile boolean enough;

        Sending(RawPeer peer) {
            this.peer = peer;
        }

        int run() {
            long start = System.nanoTime();
            int round = 0;
            while (!enough && !over) {
                for (int r = 0; r < SESSIONS; r++) {
                    send(r, round);
                    long due = start + (round * 1_000L + r * 1_000L / SESSIONS) * ROUND_MS * 1_000L;
                    LockSupport.parkNanos(due - System.nanoTime());
                }
                round++;
                rounds = round;
            }
            return round;
        }

        private void send(int receiver, int round) {
            try {
                peer.send(
                        TestEnvelopes.request(
                                peer.address(),
                                address(receiver),
                                "n" + round,
                                Integer.toString(round).getBytes(StandardCharsets.UTF_8)));
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Reads what comes, connects again when it is told to, and notes what should not be. */
    private final class Receiver {
        private final Address address;
        private final BitSet got = new BitSet();
        private final List<String> problems = new ArrayList<>();
        private volatile RawPeer peer;
        private volatile int count;
        private volatile boolean moved;
        private volatile long leftAt;

        Receiver(int index) throws Exception {
            this.address = DrainTest.address(index);
            this.peer = connect();
        }

        private RawPeer connect() throws Exception {
            return TestTwins.connect(balancer.ws(), address.twin(), address.connection());
        }

        int count() {
            return count;
        }

        void run() {
            try {
                int last = -1;
                while (!over) {
                    boolean ended = peer.closed().isDone();
                    byte[] message = peer.nextWithin(Duration.ofMillis(ended ? 0 : 200));
                    if (message != null) {
                        last = take(message, last);
                    } else if (ended) {
                        move();
                        last = -1;
                    }
                }
            } catch (Exception e) {
                if (!over) {
                    problems.add(e.toString());
                }
            }
        }

        /** In one session numbers grow by one, whatever the session before had. */
        private int take(byte[] message, int last) throws IOException {
            int number = Integer.parseInt(Envelope.parseFrom(message).getPlain().toStringUtf8());
            if (last >= 0 && number != last + 1) {
                problems.add(address + " got " + number + " after " + last);
            }
            got.set(number);
            count = got.cardinality();
            return number;
        }

        private void move() throws Exception {
            int code = peer.closed().join();
            if (code != GOING_AWAY || moved) {
                problems.add(address + " was closed with " + code);
            }
            leftAt = System.nanoTime();
            peer.close();
            peer = connect();
            moved = true;
        }
    }

    private RelayProcess start(String role, String name, Path twins) throws IOException {
        String specific =
                role.equals("gateway")
                        ? "gateway: {name: %s, listen: '127.0.0.1:0', drain: {grace: 500ms, period: %ds}}"
                                .formatted(name, PERIOD.toSeconds())
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
