package dev.rmb.gateway.links;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import dev.rmb.cluster.link.GatewayMessage;
import dev.rmb.cluster.link.Link;
import dev.rmb.cluster.ownership.Claim;
import dev.rmb.gateway.offers.OfferSettings;
import dev.rmb.gateway.offers.Offering;
import dev.rmb.gateway.ratelimit.RateLimiter;
import dev.rmb.gateway.ratelimit.RateLimits;
import dev.rmb.gateway.session.Session;
import dev.rmb.gateway.session.TestSessions;
import dev.rmb.protocol.Address;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
final class PartitionPresenceTest {
    private final TestSessions sessions = new TestSessions();
    private final PartitionPresence presence = new PartitionPresence(3);

    @AfterEach
    void stop() {
        sessions.close();
    }

    @Test
    void aSnapshotIsCutIntoPartsOfAThousand() {
        for (int i = 0; i < 2 * PartitionPresence.PART + 1; i++) {
            presence.opened(session(i + 1));
        }
        var owner = new RecordingOwner();
        presence.claimed(claim(1), 0);
        presence.obey(owner.link, owner);

        assertThat(owner.heard)
                .extracting(m -> ((GatewayMessage.Snapshot) m).sessions().size())
                .containsExactly(1000, 1000, 1);
        assertThat(owner.heard)
                .extracting(m -> ((GatewayMessage.Snapshot) m).last())
                .containsExactly(false, false, true);
    }

    @Test
    void rule5AClaimThatWasForgottenIsFollowedByALowerOne() {
        presence.opened(session(1));
        var owner = new RecordingOwner();
        presence.claimed(claim(57), 0);
        presence.obey(owner.link, owner);
        assertThat(presence.claimed(claim(2), 1)).isFalse();

        presence.forgetClaim();

        assertThat(presence.scope()).isNull();
        assertThat(presence.cutOff(1, 1_000_000)).isEmpty();
        assertThat(presence.claimed(claim(2), 2)).isTrue();
        presence.obey(owner.link, owner);
        assertThat(presence.scope()).isNotNull();
        assertThat(owner.heard)
                .extracting(m -> ((GatewayMessage.Snapshot) m).epoch())
                .containsExactly(57L, 2L);
    }

    @Test
    void exactlyAThousandSessionsAreOneLastPart() {
        for (int i = 0; i < PartitionPresence.PART; i++) {
            presence.opened(session(i + 1));
        }
        var owner = new RecordingOwner();
        presence.claimed(claim(1), 0);
        presence.obey(owner.link, owner);

        assertThat(owner.heard).hasSize(1);
    }

    @Test
    void rule11ALowerOrEqualClaimIsNoNews() {
        assertThat(presence.claimed(claim(5), 0)).isTrue();
        assertThat(presence.claimed(claim(4), 0)).isFalse();
        assertThat(presence.claimed(claim(5), 0)).isFalse();
        presence.released(claim(5));
        assertThat(presence.claimed(claim(4), 0)).isFalse();
    }

    @Test
    void aHigherClaimIsObeyedOnlyOnceItsLinkIsThere() {
        var owner = new RecordingOwner();
        presence.claimed(claim(1), 0);
        presence.obey(owner.link, owner);
        assertThat(presence.scope()).isNotNull();
        presence.claimed(claim(2), 0);
        assertThat(presence.scope()).isNull();
    }

    /**
     * Sessions come and go while owners change: what the last owner hears, put together, is what is
     * there in the end, and nothing closes before it was opened.
     */
    @ParameterizedTest
    @MethodSource("seeds")
    void ownersKnowEverySessionWhateverOverlaps(long seed) throws Exception {
        var random = new SplittableRandom(seed);
        int threads = 3;
        List<RecordingOwner> owners = new ArrayList<>();
        var start = new CountDownLatch(1);
        List<Thread> running = new ArrayList<>();
        List<Map<Address, Session>> left = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            Map<Address, Session> mine = new HashMap<>();
            left.add(mine);
            var choices = random.split();
            long base = 1L + t * 1000L;
            running.add(
                    Thread.ofPlatform()
                            .start(() -> {
                                awaitQuietly(start);
                                churn(choices, base, mine);
                            }));
        }
        start.countDown();
        for (int epoch = 1; epoch <= 20; epoch++) {
            var owner = new RecordingOwner();
            owners.add(owner);
            presence.claimed(claim(epoch), 0);
            presence.obey(owner.link, owner);
        }
        for (Thread thread : running) {
            thread.join();
        }

        Set<Long> expected = new HashSet<>();
        left.forEach(m -> m.values().forEach(s -> expected.add(s.id())));
        assertThat(owners.getLast().present()).isEqualTo(expected);
    }

    static LongStream seeds() {
        return LongStream.range(0, 20);
    }

    private void churn(SplittableRandom random, long base, Map<Address, Session> mine) {
        for (int i = 0; i < 3000; i++) {
            Session session = session(base + random.nextInt(100));
            Session before = mine.get(session.address());
            if (before != null && random.nextBoolean()) {
                presence.closed(before);
                mine.remove(session.address());
            } else {
                assertThat(presence.opened(session)).isSameAs(before);
                mine.put(session.address(), session);
                if (before != null) {
                    presence.closed(before);
                }
            }
        }
    }

    private Session session(long twin) {
        return sessions.session(new Address(twin, null));
    }

    private static Claim claim(long epoch) {
        return new Claim(3, epoch, "router:1", "router", 1);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static final class RecordingOwner implements Link<GatewayMessage> {
        final List<GatewayMessage> heard = new ArrayList<>();
        private final LinkMetrics metrics = new LinkMetrics(new MetricRegistry());
        final OwnerLink link =
                new OwnerLink(
                        "router:1",
                        new PartitionPresence[0],
                        List.of(),
                        metrics,
                        new UsageReports(
                                new RateLimiter(new RateLimits(() -> 0, () -> 0)),
                                new PartitionPresence[0]),
                        new Questions(new PartitionPresence[0], 1, metrics),
                        new Offering(
                                new OfferSettings(false, Duration.ZERO, 1),
                                0,
                                new MetricRegistry()),
                        new OwnerLink.Events() {
                            @Override
                            public void opened(OwnerLink opened) {}

                            @Override
                            public void closed(OwnerLink closed) {}
                        });
        private final AtomicInteger sending = new AtomicInteger();

        /** What an owner makes of what it hears. */
        Set<Long> present() {
            Map<Address, Long> present = new HashMap<>();
            boolean complete = false;
            for (GatewayMessage message : heard) {
                switch (message) {
                    case GatewayMessage.Snapshot snapshot -> {
                        assertThat(complete).isFalse();
                        snapshot.sessions().forEach(s -> present.put(s.address(), s.id()));
                        complete = snapshot.last();
                    }
                    case GatewayMessage.Opened opened -> {
                        assertThat(complete).isTrue();
                        present.put(opened.session().address(), opened.session().id());
                    }
                    case GatewayMessage.Closed closed -> {
                        assertThat(complete).isTrue();
                        present.values().removeIf(id -> id == closed.sessionId());
                    }
                    case GatewayMessage.Offers _ -> throw new AssertionError("no offers");
                    case GatewayMessage.Used _, GatewayMessage.Asked _ ->
                            throw new AssertionError("no limits");
                    case GatewayMessage.Acknowledged _ -> throw new AssertionError("no pong");
                }
            }
            return new HashSet<>(present.values());
        }

        @Override
        public String peer() {
            return "router";
        }

        @Override
        public long peerIncarnation() {
            return 1;
        }

        @Override
        public void send(GatewayMessage message) {
            // The lock of the presence is what orders messages.
            assertThat(sending.incrementAndGet()).isEqualTo(1);
            heard.add(message);
            sending.decrementAndGet();
        }

        @Override
        public boolean isWritable() {
            return true;
        }

        @Override
        public void close() {}
    }
}
