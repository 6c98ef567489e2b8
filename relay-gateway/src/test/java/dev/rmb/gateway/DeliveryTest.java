package dev.rmb.gateway;

import static dev.rmb.gateway.TestGateway.address;
import static dev.rmb.gateway.TestGateway.partition;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rmb.cluster.link.GatewayMessage;
import dev.rmb.cluster.link.GatewayMessage.Acknowledged;
import dev.rmb.cluster.link.RouterMessage;
import dev.rmb.cluster.link.SessionInfo;
import dev.rmb.proto.Envelope;
import dev.rmb.protocol.Address;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Presence at the owners, and what they deliver. See delivery.md, 10 to 14. */
@Timeout(60)
final class DeliveryTest {
    private static final TestTwin ALICE = TestGateway.ALICE;
    private static final TestTwin BOB = TestGateway.BOB;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final byte[] ENVELOPE = ALICE.request(BOB, "r").toByteArray();

    private TestGateway gateway;

    @BeforeEach
    void start() throws IOException {
        gateway = new TestGateway("loops: 2");
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void everyClaimIsAnsweredWithASnapshotEvenAnEmptyOne() {
        gateway.claimAll();

        await().atMost(PATIENCE).until(() -> snapshots().size() == TestGateway.PARTITIONS);
        assertThat(snapshots()).allMatch(s -> s.last() && s.sessions().isEmpty() && s.epoch() == 1);
    }

    @Test
    void aSessionFromBeforeTheClaimIsInItsSnapshotAndALaterOneIsOpened() throws IOException {
        try (var _ = gateway.connect(BOB)) {
            // The upgrade's answer may be here before the session is.
            Gateways.awaitCounter(gateway, "rmb_gateway_sessions_opened_total", 1);
            gateway.claimAll();
            var snapshot =
                    gateway.router.await(
                            GatewayMessage.Snapshot.class, s -> s.partition() == partition(BOB));
            assertThat(snapshot.sessions())
                    .extracting(SessionInfo::address)
                    .containsExactly(address(BOB));

            try (var _ = gateway.connect(BOB, "phone")) {
                var opened = gateway.router.await(GatewayMessage.Opened.class, _ -> true);
                assertThat(opened.session().address()).isEqualTo(new Address(BOB.id, "phone"));
                assertThat(opened.epoch()).isEqualTo(1);
            }
            var closed = gateway.router.await(GatewayMessage.Closed.class, _ -> true);
            assertThat(closed.partition()).isEqualTo(partition(BOB));
        }
    }

    @Test
    void deliveriesArriveUnchangedInOrderAndAreAcknowledgedByThePong() throws IOException {
        gateway.claimAll();
        try (var bob = gateway.connect(BOB)) {
            SessionInfo session = gateway.router.awaitPresent(address(BOB));
            for (int n = 1; n <= 100; n++) {
                gateway.deliver(BOB, session, n, 1000 + n, envelope(n));
            }
            for (int n = 1; n <= 100; n++) {
                assertThat(bob.next().payload()).isEqualTo(envelope(n));
            }
            bob.serveFor(100);

            var last = awaitAcknowledged(session, 100);
            assertThat(last.partition()).isEqualTo(partition(BOB));
            assertThat(gateway.router.heard(Acknowledged.class).size()).isLessThan(50);
        }
    }

    @Test
    void nothingIsAcknowledgedThatNoPongConfirms() throws IOException {
        gateway.claimAll();
        try (var bob = gateway.connect(BOB)) {
            SessionInfo session = gateway.router.awaitPresent(address(BOB));
            bob.answerPings(false);
            gateway.deliver(BOB, session, 1, 1, ENVELOPE);
            assertThat(bob.next().payload()).isEqualTo(ENVELOPE);
            var ping = bob.nextFrame();
            assertThat(ping.opcode()).isEqualTo(Peer.PING);
            bob.frame(0x80 | Peer.PONG, new byte[0]);
            bob.frame(0x80 | Peer.PONG, new byte[16]);
            // The answer to this one shows that those before have been read.
            bob.frame(0x80 | Peer.PING, new byte[] {1});
            bob.next();
            assertThat(gateway.router.heard(Acknowledged.class)).isEmpty();

            bob.frame(0x80 | Peer.PONG, ping.payload());
            awaitAcknowledged(session, 1);
        }
    }

    @Test
    void rule13WhatWasWrittenIsNotWrittenAgainAfterATakeoverButAcknowledged() throws IOException {
        gateway.claimAll();
        try (var bob = gateway.connect(BOB)) {
            SessionInfo session = gateway.router.awaitPresent(address(BOB));
            gateway.deliver(BOB, session, 1, 10, envelope(1));
            gateway.deliver(BOB, session, 2, 20, envelope(2));
            assertThat(bob.next().payload()).isEqualTo(envelope(1));
            assertThat(bob.next().payload()).isEqualTo(envelope(2));

            gateway.router.forget();
            gateway.claimAll();
            await().atMost(PATIENCE).until(() -> snapshots().size() == TestGateway.PARTITIONS);
            gateway.deliver(BOB, session, 1, 10, envelope(1));
            gateway.deliver(BOB, session, 2, 20, envelope(2));
            gateway.deliver(BOB, session, 3, 30, envelope(3));

            assertThat(bob.next().payload()).isEqualTo(envelope(3));
            bob.serveFor(100);
            assertThat(awaitAcknowledged(session, 3).epoch()).isEqualTo(2);
        }
    }

    @Test
    void rule11DeliveriesUnderALowerClaimAreNotObeyed() throws IOException {
        gateway.claimAll();
        gateway.claimAll();
        try (var bob = gateway.connect(BOB)) {
            SessionInfo session = gateway.router.awaitPresent(address(BOB));
            gateway.router.await(
                    GatewayMessage.Snapshot.class,
                    s -> s.partition() == partition(BOB) && s.epoch() == 2);
            gateway.router.send(
                    new RouterMessage.Deliver(partition(BOB), 1, session.id(), 1, 5, envelope(1)));
            gateway.router.send(new RouterMessage.Evict(partition(BOB), 1, session.id()));
            gateway.deliver(BOB, session, 1, 6, envelope(2));

            assertThat(bob.next().payload()).isEqualTo(envelope(2));
            assertThat(gateway.counter("rmb_gateway_deliveries_ignored_total")).isEqualTo(2);
        }
    }

    @Test
    void rule11AReleasedPartitionObeysNobodyAndALateReleaseEndsNothing() throws IOException {
        gateway.claimAll();
        try (var bob = gateway.connect(BOB)) {
            SessionInfo session = gateway.router.awaitPresent(address(BOB));
            gateway.claim(partition(BOB), 7);
            gateway.release(partition(BOB), 1);
            gateway.router.await(GatewayMessage.Snapshot.class, s -> s.epoch() == 7);
            gateway.router.send(
                    new RouterMessage.Deliver(partition(BOB), 7, session.id(), 1, 5, envelope(1)));
            assertThat(bob.next().payload()).isEqualTo(envelope(1));

            gateway.release(partition(BOB), 7);
            await().atMost(PATIENCE)
                    .until(() -> {
                        gateway.router.send(
                                new RouterMessage.Deliver(partition(BOB), 7, 1, 1, 1, envelope(2)));
                        return gateway.counter("rmb_gateway_deliveries_ignored_total") > 0;
                    });
        }
    }

    @Test
    void rule10AGapEndsTheLinkAndTheOwnerStartsAgain() throws IOException {
        gateway.claimAll();
        try (var bob = gateway.connect(BOB)) {
            SessionInfo session = gateway.router.awaitPresent(address(BOB));
            gateway.deliver(BOB, session, 1, 1, envelope(1));
            gateway.deliver(BOB, session, 3, 3, envelope(3));
            assertThat(bob.next().payload()).isEqualTo(envelope(1));
            await().atMost(PATIENCE).until(() -> gateway.router.linksOpened() == 2);
            assertThat(gateway.router.awaitPresent(address(BOB))).isEqualTo(session);

            gateway.deliver(BOB, session, 1, 1, envelope(1));
            gateway.deliver(BOB, session, 2, 2, envelope(2));
            assertThat(bob.next().payload()).isEqualTo(envelope(2));
        }
    }

    @Test
    void aBrokenLinkIsOpenedAgainAndEverySessionAnnouncedAnew() throws IOException {
        gateway.claimAll();
        try (var _ = gateway.connect(BOB)) {
            gateway.router.awaitPresent(address(BOB));
            for (int broken = 1; broken <= 3; broken++) {
                gateway.router.cut();
                int expected = broken + 1;
                await().atMost(PATIENCE).until(() -> gateway.router.linksOpened() == expected);
                gateway.router.awaitPresent(address(BOB));
            }
        }
    }

    @Test
    void aSessionThatIsNotThereIsReportedClosed() {
        gateway.claimAll();
        gateway.router.await(GatewayMessage.Snapshot.class, s -> s.partition() == partition(BOB));
        gateway.router.send(new RouterMessage.Deliver(partition(BOB), 1, 12345, 1, 1, envelope(1)));

        var closed = gateway.router.await(GatewayMessage.Closed.class, _ -> true);
        assertThat(closed.sessionId()).isEqualTo(12345);
    }

    @Test
    void anEvictedSessionIsClosed() throws IOException {
        gateway.claimAll();
        try (var bob = gateway.connect(BOB)) {
            SessionInfo session = gateway.router.awaitPresent(address(BOB));
            gateway.router.send(new RouterMessage.Evict(partition(BOB), 1, session.id()));

            assertThat(bob.untilClosed().closeCode()).isEqualTo(1000);
            gateway.router.await(GatewayMessage.Closed.class, c -> c.sessionId() == session.id());
        }
    }

    @Test
    void aNewerConnectionReplacesTheOlderAndOnlyThatOneIsClosed() throws IOException {
        gateway.claimAll();
        // Whoever is connected before is in it, and not told of again.
        gateway.router.await(
                GatewayMessage.Snapshot.class, snapshot -> snapshot.partition() == partition(BOB));
        try (var older = gateway.connect(BOB)) {
            SessionInfo first = gateway.router.awaitPresent(address(BOB));
            try (var newer = gateway.connect(BOB)) {
                assertThat(older.untilClosed().closeCode()).isEqualTo(1000);
                gateway.router.await(GatewayMessage.Closed.class, c -> c.sessionId() == first.id());
                SessionInfo second = gateway.router.awaitPresent(address(BOB));
                assertThat(second.id()).isNotEqualTo(first.id());
                gateway.deliver(BOB, second, 1, 1, envelope(1));

                assertThat(newer.next().payload()).isEqualTo(envelope(1));
                newer.send(BOB.request(ALICE, "after"));
                Gateways.awaitAccepted(gateway, "after");
            }
        }
        // The owner hears of the newer one before the older one's end: never of an absence.
        var presence =
                gateway.router.heard().stream()
                        .filter(m -> !(m instanceof GatewayMessage.Acknowledged))
                        .filter(m -> m.partition() == partition(BOB))
                        .map(m -> m.getClass().getSimpleName())
                        .toList();
        assertThat(presence.subList(1, 4)).containsExactly("Opened", "Opened", "Closed");
    }

    @Test
    void rule12WhoIsCutOffFromItsOwnerIsSentElsewhere() throws IOException {
        try (var nervous = new TestGateway("links: {cutOff: 200ms}")) {
            try (var bob = nervous.connect(BOB)) {
                nervous.claimAll();
                nervous.router.awaitPresent(address(BOB));
                nervous.router.close();

                assertThat(bob.untilClosed().closeCode()).isEqualTo(1012);
            }
        }
    }

    @Test
    void aClientThatAnswersNoPingIsDisconnectedAndOneThatDoesStays() throws IOException {
        try (var impatient = new TestGateway("sessions: {idle: 100ms, answerTimeout: 2s}")) {
            try (var silent = impatient.connect(BOB);
                    var lively = impatient.connect(ALICE)) {
                silent.answerPings(false);
                var closed =
                        CompletableFuture.supplyAsync(() -> {
                            try {
                                return silent.untilClosed();
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        });
                while (!closed.isDone()) {
                    lively.serveFor(50);
                }
                assertThat(closed.join().closeCode()).isEqualTo(1008);
                lively.send(ALICE.request(BOB, "still here"));
                Gateways.awaitAccepted(impatient, "still here");
                assertThat(lively.pingsSeen).isPositive();
            }
        }
    }

    @Test
    void whenTheGatewayStopsSessionsEndWith1001() throws IOException {
        try (var bob = gateway.connect(BOB)) {
            gateway.gateway.close();

            assertThat(bob.untilClosed().closeCode()).isEqualTo(1001);
        }
    }

    private List<GatewayMessage.Snapshot> snapshots() {
        return gateway.router.heard(GatewayMessage.Snapshot.class);
    }

    private Acknowledged awaitAcknowledged(SessionInfo session, long number) {
        return gateway.router.await(
                Acknowledged.class, a -> a.sessionId() == session.id() && a.number() == number);
    }

    private static byte[] envelope(int n) {
        Envelope envelope = ALICE.request(BOB, "request " + n);
        return envelope.toByteArray();
    }
}
