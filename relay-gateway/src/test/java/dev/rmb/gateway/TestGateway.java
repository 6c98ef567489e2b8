package dev.rmb.gateway;

import com.codahale.metrics.MetricRegistry;
import dev.rmb.cluster.Partitioning;
import dev.rmb.cluster.bans.Bans;
import dev.rmb.cluster.limits.Limits;
import dev.rmb.cluster.link.RouterMessage;
import dev.rmb.cluster.link.SessionInfo;
import dev.rmb.cluster.ownership.Claim;
import dev.rmb.cluster.ownership.OwnershipListener;
import dev.rmb.gateway.accept.EnvelopeLog;
import dev.rmb.gateway.offers.Offering;
import dev.rmb.protocol.Address;
import dev.rmb.server.config.ConfigLoader;
import dev.rmb.server.config.HostPort;
import dev.rmb.twins.InMemoryTwins;
import dev.rmb.twins.RelayDomains;
import dev.rmb.twins.TwinDirectory;
import dev.rmb.twins.TwinListing;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A whole gateway with a log, a router and owners that the test runs. */
final class TestGateway implements AutoCloseable {
    static final int PARTITIONS = 4;

    static final RelayDomains OURS = RelayDomains.of(List.of(TestTwin.HOME));

    static final TestTwin ALICE = new TestTwin(1);
    static final TestTwin BOB = new TestTwin(2);

    final FakeEnvelopeLog log = new FakeEnvelopeLog();
    final ScriptedRouter router = new ScriptedRouter();
    final MetricRegistry metrics = new MetricRegistry();
    final Bans bans = new Bans(Clock.systemUTC());
    final Limits limits;
    final Gateway gateway;
    private final FakeBackbone backbone = new FakeBackbone();
    private long epoch;

    TestGateway() throws IOException {
        this("");
    }

    /**
     * @param yaml settings that differ from the defaults
     */
    TestGateway(String yaml) throws IOException {
        this(yaml, InMemoryTwins.of(ALICE.record(), BOB.record()));
    }

    /**
     * @param listen as written in YAML
     */
    TestGateway(String yaml, String listen) throws IOException {
        this(
                ConfigLoader.parse(
                        "listen: " + listen + "\n" + yaml, GatewaySettings.class, Map.of()),
                InMemoryTwins.of(ALICE.record(), BOB.record()));
    }

    TestGateway(String yaml, TwinDirectory directory) throws IOException {
        this(settings(yaml), directory);
    }

    TestGateway(String yaml, Limits limits) throws IOException {
        this(settings(yaml), InMemoryTwins.of(ALICE.record(), BOB.record()), limits);
    }

    private TestGateway(GatewaySettings settings, TwinDirectory directory) throws IOException {
        this(settings, directory, new Limits());
    }

    private TestGateway(GatewaySettings settings, TwinDirectory directory, Limits limits)
            throws IOException {
        this.limits = limits;
        gateway =
                Gateway.start(
                        settings,
                        backbone,
                        directory,
                        OURS,
                        router.connector(),
                        bans,
                        limits,
                        metrics,
                        Clock.systemUTC());
    }

    static GatewaySettings settings(String yaml) {
        return ConfigLoader.parse("listen: 127.0.0.1:0\n" + yaml, GatewaySettings.class, Map.of());
    }

    HostPort address() {
        return gateway.address();
    }

    Peer connect(TestTwin twin) throws IOException {
        return connect(twin, null);
    }

    Peer connect(TestTwin twin, @Nullable String connection) throws IOException {
        return Peer.connect(address(), twin.token(connection));
    }

    /** The router claims every partition anew; returns the epoch of all these claims. */
    long claimAll() {
        epoch++;
        for (int partition = 0; partition < PARTITIONS; partition++) {
            claim(partition, epoch);
        }
        return epoch;
    }

    void claim(int partition, long claimed) {
        listener().claimed(new Claim(partition, claimed, router.endpoint(), "router", 2));
    }

    void release(int partition, long claimed) {
        listener().released(new Claim(partition, claimed, router.endpoint(), "router", 2));
    }

    void deliver(TestTwin to, SessionInfo session, long number, long offset, byte[] envelope) {
        router.send(
                new RouterMessage.Deliver(
                        partition(to), epoch, session.id(), number, offset, envelope));
    }

    static int partition(TestTwin twin) {
        return Partitioning.partitionOf(twin.id, PARTITIONS);
    }

    static Address address(TestTwin twin) {
        return new Address(twin.id, null);
    }

    long counter(String name) {
        return metrics.counter(name).getCount();
    }

    @Override
    public void close() {
        gateway.close();
        router.close();
    }

    private OwnershipListener listener() {
        OwnershipListener listener = backbone.listener;
        if (listener == null) {
            throw new IllegalStateException("the gateway does not follow owners");
        }
        return listener;
    }

    private final class FakeBackbone implements Backbone {
        private @Nullable OwnershipListener listener;

        @Override
        public int partitions() {
            return PARTITIONS;
        }

        @Override
        public EnvelopeLog openLog(Offering offering) {
            return log;
        }

        @Override
        public AutoCloseable followOwners(OwnershipListener follower) {
            listener = follower;
            return () -> {};
        }

        @Override
        public boolean hasTwinsOf(TwinDirectory directory) {
            return directory instanceof TwinListing;
        }
    }
}
