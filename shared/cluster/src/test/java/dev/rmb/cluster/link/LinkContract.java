package dev.rmb.cluster.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rmb.cluster.Origin;
import dev.rmb.protocol.Address;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every way to carry a link must do. */
abstract class LinkContract {
    static final Endpoint GATEWAY = new Endpoint("gateway-a", 0x8000_0000_0000_0001L);
    static final Endpoint ROUTER = new Endpoint("router-a", 42);

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final RecordingListener<RouterMessage, GatewayMessage> router =
            new RecordingListener<>();
    private final RecordingListener<GatewayMessage, RouterMessage> gateway =
            new RecordingListener<>();
    private LinkAcceptor acceptor;
    private LinkConnector connector;
    private String endpoint;

    abstract LinkAcceptor acceptor();

    abstract LinkConnector connector();

    @BeforeEach
    void start() throws Exception {
        acceptor = acceptor();
        connector = connector();
        endpoint = acceptor.start(router);
    }

    @AfterEach
    void stop() {
        connector.close();
        acceptor.close();
    }

    @Test
    void bothEndsLearnWhoTheOtherIs() {
        connect();

        assertThat(gateway.link().peer()).isEqualTo(ROUTER.pod());
        assertThat(gateway.link().peerIncarnation()).isEqualTo(ROUTER.incarnation());
        assertThat(router.link().peer()).isEqualTo(GATEWAY.pod());
        assertThat(router.link().peerIncarnation()).isEqualTo(GATEWAY.incarnation());
    }

    @Test
    void everyKindOfMessageArrivesAsItWasSent() {
        connect();
        SessionInfo named = new SessionInfo(-7, new Address(0xFFFF_FFFFL, "laptop"), 1_700_000);
        SessionInfo empty = new SessionInfo(8, new Address(1, ""), 2);
        SessionInfo bare = new SessionInfo(9, new Address(1, null), 3);
        List<GatewayMessage> up =
                List.of(
                        new GatewayMessage.Snapshot(3, 99, List.of(named, empty, bare), false),
                        new GatewayMessage.Snapshot(3, 99, List.of(), true),
                        new GatewayMessage.Opened(3, 99, bare),
                        new GatewayMessage.Acknowledged(3, 99, -7, 1L << 40),
                        new GatewayMessage.Used(
                                3,
                                99,
                                30_000_000,
                                List.of(
                                        new TwinUsage(0xFFFF_FFFFL, 1L << 40, 1L << 41),
                                        new TwinUsage(7, 1, 0))),
                        new GatewayMessage.Asked(3, 99, -1, named.address()),
                        new GatewayMessage.Asked(3, 99, 2, empty.address()),
                        new GatewayMessage.Asked(3, 99, 3, bare.address()),
                        new GatewayMessage.Closed(3, 99, -7));

        up.forEach(gateway.link()::send);
        router.link().send(new RouterMessage.Deliver(3, 99, -7, 1, 1L << 41, new byte[] {1, 2}));
        router.link().send(new RouterMessage.Evict(3, 99, 8));
        var elsewhere =
                new RouterMessage.UsedElsewhere(
                        3, 99, 30_000_000, List.of(new TwinUsage(0xFFFF_FFFFL, 2, 1L << 42)));
        router.link().send(elsewhere);
        List<RouterMessage> answers = new ArrayList<>();
        for (Whereabouts known : Whereabouts.values()) {
            answers.add(new RouterMessage.Answered(3, 99, -1, known));
        }
        answers.forEach(router.link()::send);

        await().atMost(PATIENCE).until(() -> router.received().size() == up.size());
        assertThat(router.received()).isEqualTo(up);
        await().atMost(PATIENCE).until(() -> gateway.received().size() == 6);
        assertThat(gateway.received().get(0))
                .usingRecursiveComparison()
                .isEqualTo(new RouterMessage.Deliver(3, 99, -7, 1, 1L << 41, new byte[] {1, 2}));
        assertThat(gateway.received().get(1)).isEqualTo(new RouterMessage.Evict(3, 99, 8));
        assertThat(gateway.received().get(2)).isEqualTo(elsewhere);
        assertThat(gateway.received().subList(3, 6)).isEqualTo(answers);
    }

    @Test
    void whatIsSaidBesideTheLogArrivesAsItWasSaid() {
        connect();
        var offers =
                new GatewayMessage.Offers(
                        3,
                        99,
                        -5,
                        List.of(
                                new Offer(1L << 40, 1, new byte[] {1, 2}),
                                new Offer(2, 2, new byte[0])));
        var delivered =
                new RouterMessage.Deliver(
                        3,
                        99,
                        -7,
                        1,
                        RouterMessage.Deliver.NOT_LOGGED,
                        new byte[] {1},
                        new Origin(-5, 1L << 40));
        var seen = new RouterMessage.OffersSeen(3, 99, 5, 6);

        gateway.link().send(offers);
        router.link().send(delivered);
        router.link().send(seen);

        await().atMost(PATIENCE).until(() -> router.received().size() == 1);
        assertThat(router.received().get(0)).usingRecursiveComparison().isEqualTo(offers);
        await().atMost(PATIENCE).until(() -> gateway.received().size() == 2);
        assertThat(gateway.received().get(0)).usingRecursiveComparison().isEqualTo(delivered);
        assertThat(gateway.received().get(1)).isEqualTo(seen);
    }

    @Test
    void theLargestEnvelopeCrosses() {
        connect();
        byte[] envelope = new byte[17 << 20];
        envelope[envelope.length - 1] = 5;

        router.link().send(new RouterMessage.Deliver(0, 1, 2, 3, 4, envelope));

        await().atMost(PATIENCE).until(() -> gateway.received().size() == 1);
        var delivered = (RouterMessage.Deliver) gateway.received().get(0);
        assertThat(delivered.envelope()).isEqualTo(envelope);
    }

    @Test
    void orderHoldsForEachOfManySenders() throws Exception {
        connect();
        int senders = 4;
        int each = 5_000;
        CountDownLatch done = new CountDownLatch(senders);
        List<Thread> threads = new ArrayList<>();
        for (int s = 0; s < senders; s++) {
            int sender = s;
            threads.add(
                    Thread.ofPlatform()
                            .name("sender-" + s)
                            .start(() -> {
                                for (int n = 1; n <= each; n++) {
                                    router.link()
                                            .send(
                                                    new RouterMessage.Deliver(
                                                            0, 1, sender, n, n, new byte[10]));
                                }
                                done.countDown();
                            }));
        }
        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();

        await().atMost(PATIENCE).until(() -> gateway.received().size() == senders * each);
        long[] last = new long[senders];
        for (RouterMessage message : gateway.received()) {
            var deliver = (RouterMessage.Deliver) message;
            assertThat(deliver.number()).isEqualTo(++last[(int) deliver.sessionId()]);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(gateway.overlapped()).isFalse();
    }

    @Test
    void aSlowReceiverMakesTheLinkUnwritableAndLaterWritableAgain() throws Exception {
        connect();
        CountDownLatch gate = new CountDownLatch(1);
        gateway.blockOn(gate);
        Thread sender =
                Thread.ofPlatform()
                        .name("sender")
                        .start(() -> {
                            for (int n = 1; n <= 40; n++) {
                                router.link()
                                        .send(
                                                new RouterMessage.Deliver(
                                                        0, 1, 2, n, n, new byte[1 << 20]));
                            }
                        });
        Thread second =
                Thread.ofPlatform()
                        .name("sender-2")
                        .start(() -> {
                            for (int n = 1; n <= 40; n++) {
                                router.link()
                                        .send(
                                                new RouterMessage.Deliver(
                                                        0, 1, 3, n, n, new byte[1 << 20]));
                            }
                        });
        await().atMost(PATIENCE).until(() -> !router.link().isWritable());

        gate.countDown();

        await().atMost(PATIENCE).until(() -> router.link().isWritable());
        await().atMost(PATIENCE).until(() -> gateway.received().size() == 80);
        await().atMost(PATIENCE).until(() -> router.timesWritable() > 0);
        sender.join();
        second.join();
    }

    @Test
    void closingOneEndIsHeardAtBothOnce() {
        connect();

        gateway.link().close();
        gateway.link().close();

        await().atMost(PATIENCE).until(() -> gateway.closedCount() == 1);
        await().atMost(PATIENCE).until(() -> router.closedCount() == 1);
    }

    @Test
    void closingTheAcceptorIsHeardAtBothOnce() {
        connect();

        acceptor.close();

        await().atMost(PATIENCE).until(() -> gateway.closedCount() == 1);
        await().atMost(PATIENCE).until(() -> router.closedCount() == 1);
    }

    @Test
    void connectingToNobodyIsToldAsClosed() {
        acceptor.close();

        connector.connect(endpoint, gateway);

        await().atMost(PATIENCE).until(() -> gateway.closedCount() == 1);
        assertThat(gateway.wasOpened()).isFalse();
        assertThat(gateway.cause()).isNotNull();
    }

    @Test
    void sendingOnAClosedLinkDoesNothing() {
        connect();
        gateway.link().close();
        await().atMost(PATIENCE).until(() -> router.closedCount() == 1);

        gateway.link().send(new GatewayMessage.Closed(1, 2, 3));
        router.link().send(new RouterMessage.Evict(1, 2, 3));

        assertThat(router.received()).isEmpty();
    }

    private void connect() {
        connector.connect(endpoint, gateway);
        await().atMost(PATIENCE).until(() -> gateway.wasOpened() && router.wasOpened());
    }
}
