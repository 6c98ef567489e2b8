package dev.rmb.gateway;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.rmb.cluster.Partitioning;
import dev.rmb.cluster.RecordHeader;
import dev.rmb.cluster.bans.Bans;
import dev.rmb.cluster.limits.Limits;
import dev.rmb.cluster.link.Endpoint;
import dev.rmb.cluster.link.GatewayMessage;
import dev.rmb.cluster.link.InProcessLinks;
import dev.rmb.cluster.link.Link;
import dev.rmb.cluster.link.LinkAcceptor;
import dev.rmb.cluster.link.LinkConnector;
import dev.rmb.cluster.link.LinkListener;
import dev.rmb.cluster.link.RouterMessage;
import dev.rmb.cluster.link.SessionInfo;
import dev.rmb.cluster.link.Whereabouts;
import dev.rmb.cluster.ownership.Claim;
import dev.rmb.cluster.ownership.OwnershipListener;
import dev.rmb.gateway.accept.EnvelopeLog;
import dev.rmb.gateway.accept.Receipt;
import dev.rmb.gateway.offers.Offering;
import dev.rmb.proto.Envelope;
import dev.rmb.protocol.Address;
import dev.rmb.server.config.ConfigLoader;
import dev.rmb.server.config.HostPort;
import dev.rmb.twins.InMemoryTwins;
import dev.rmb.twins.RelayDomains;
import dev.rmb.twins.TwinDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A gateway behind which everything it accepts comes back at once: for each address a queue, of
 * which the address's session gets all that it has not confirmed.
 */
public final class LoopbackGateway implements AutoCloseable {
    public static final TestTwin ALICE = new TestTwin(1);
    public static final TestTwin BOB = new TestTwin(2);

    private static final int PARTITIONS = 4;
    private static final long EPOCH = 1;

    private final Loop loop = new Loop();
    private final LinkAcceptor acceptor;
    private final LinkConnector connector;
    private final MetricRegistry metrics = new MetricRegistry();
    private final Gateway gateway;

    /**
     * @param yaml settings that differ from the defaults
     */
    public LoopbackGateway(String yaml) throws IOException {
        var links = new InProcessLinks(new Endpoint("gateway", 1), new Endpoint("router", 2));
        this.acceptor = links.acceptor();
        this.connector = links.connector();
        String endpoint = acceptor.start(loop);
        this.gateway =
                Gateway.start(
                        ConfigLoader.parse(
                                "listen: 127.0.0.1:0\n" + yaml, GatewaySettings.class, Map.of()),
                        new Backbone() {
                            @Override
                            public int partitions() {
                                return PARTITIONS;
                            }

                            @Override
                            public EnvelopeLog openLog(Offering offering) {
                                return loop;
                            }

                            @Override
                            public AutoCloseable followOwners(OwnershipListener follower) {
                                for (int p = 0; p < PARTITIONS; p++) {
                                    follower.claimed(new Claim(p, EPOCH, endpoint, "router", 2));
                                }
                                return () -> {};
                            }

                            @Override
                            public boolean hasTwinsOf(TwinDirectory directory) {
                                return false;
                            }
                        },
                        InMemoryTwins.of(ALICE.record(), BOB.record()),
                        RelayDomains.of(List.of(TestTwin.HOME)),
                        connector,
                        new Bans(Clock.systemUTC()),
                        new Limits(),
                        metrics,
                        Clock.systemUTC());
    }

    /** The public port. */
    public HostPort address() {
        return gateway.address();
    }

    /** Ports of the transports that have one. */
    public List<HostPort> transportAddresses() {
        return gateway.transportAddresses();
    }

    /** Whether the address has a session, as its owner knows it. */
    public boolean isPresent(Address address) {
        return loop.isPresent(address);
    }

    /** How many envelopes the address has not confirmed. */
    public int unconfirmed(Address address) {
        return loop.unconfirmed(address);
    }

    public long counter(String name) {
        return metrics.counter(name).getCount();
    }

    public long gauge(String name) {
        return gauge(metrics, name);
    }

    static long gauge(MetricRegistry metrics, String name) {
        Gauge<?> gauge = metrics.getGauges().get(name);
        return gauge != null && gauge.getValue() instanceof Number number ? number.longValue() : -1;
    }

    @Override
    public void close() {
        gateway.close();
        acceptor.close();
        connector.close();
    }

    /** Log and owner of all partitions. */
    private static final class Loop
            implements EnvelopeLog, LinkListener<RouterMessage, GatewayMessage> {
        private final Map<Address, Queue> queues = new HashMap<>();
        private @Nullable Link<RouterMessage> link;
        private long offset;

        private static final class Queue {
            private final Deque<Logged> unconfirmed = new ArrayDeque<>();
            private @Nullable SessionInfo session;

            /** The number of the first unconfirmed one, in its session. */
            private long first = 1;
        }

        @SuppressWarnings("ArrayRecordComponent") // never compared
        private record Logged(long offset, byte[] envelope) {}

        @Override
        public synchronized void send(
                RecordHeader.Kind kind,
                long destination,
                byte[] envelope,
                long ingressMs,
                Receipt receipt) {
            Queue queue = queue(addressOf(envelope));
            queue.unconfirmed.add(new Logged(offset, envelope));
            SessionInfo session = queue.session;
            if (session != null) {
                deliver(
                        session,
                        queue.first + queue.unconfirmed.size() - 1,
                        queue.unconfirmed.getLast());
            }
            offset++;
            receipt.ended(Receipt.Outcome.ACCEPTED);
        }

        @Override
        public synchronized void received(Link<RouterMessage> from, GatewayMessage message) {
            link = from;
            switch (message) {
                case GatewayMessage.Asked asked ->
                        from.send(
                                new RouterMessage.Answered(
                                        asked.partition(),
                                        asked.epoch(),
                                        asked.question(),
                                        isPresent(asked.address())
                                                ? Whereabouts.CONNECTED
                                                : Whereabouts.OFFLINE));
                case GatewayMessage.Snapshot snapshot -> snapshot.sessions().forEach(this::opened);
                case GatewayMessage.Used _, GatewayMessage.Offers _ -> {}
                case GatewayMessage.Opened opened -> opened(opened.session());
                case GatewayMessage.Closed closed ->
                        queues.values().stream()
                                .filter(q -> isOf(q, closed.sessionId()))
                                .forEach(q -> q.session = null);
                case GatewayMessage.Acknowledged acknowledged ->
                        queues.values().stream()
                                .filter(q -> isOf(q, acknowledged.sessionId()))
                                .forEach(q -> confirm(q, acknowledged.number()));
            }
        }

        @Override
        public void opened(Link<RouterMessage> opened) {}

        @Override
        public void writable(Link<RouterMessage> writable) {}

        @Override
        public void closed(@Nullable Link<RouterMessage> closed, @Nullable Throwable cause) {}

        @Override
        public void close() {}

        synchronized boolean isPresent(Address address) {
            return queue(address).session != null;
        }

        synchronized int unconfirmed(Address address) {
            return queue(address).unconfirmed.size();
        }

        private void opened(SessionInfo session) {
            Queue queue = queue(session.address());
            queue.session = session;
            queue.first = 1;
            long number = 1;
            for (Logged logged : queue.unconfirmed) {
                deliver(session, number++, logged);
            }
        }

        private static void confirm(Queue queue, long number) {
            while (queue.first <= number && !queue.unconfirmed.isEmpty()) {
                queue.unconfirmed.remove();
                queue.first++;
            }
        }

        private void deliver(SessionInfo session, long number, Logged logged) {
            Link<RouterMessage> to = link;
            if (to != null) {
                to.send(
                        new RouterMessage.Deliver(
                                Partitioning.partitionOf(session.address().twin(), PARTITIONS),
                                EPOCH,
                                session.id(),
                                number,
                                logged.offset(),
                                logged.envelope()));
            }
        }

        private Queue queue(Address address) {
            return queues.computeIfAbsent(address, _ -> new Queue());
        }

        private static boolean isOf(Queue queue, long sessionId) {
            SessionInfo session = queue.session;
            return session != null && session.id() == sessionId;
        }

        private static Address addressOf(byte[] envelope) {
            try {
                var to = Envelope.parseFrom(envelope).getDestination();
                return new Address(
                        Integer.toUnsignedLong(to.getTwin()),
                        to.hasConnection() ? to.getConnection() : null);
            } catch (InvalidProtocolBufferException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
