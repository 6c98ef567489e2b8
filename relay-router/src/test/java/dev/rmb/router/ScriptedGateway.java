package dev.rmb.router;

import dev.rmb.cluster.Partitioning;
import dev.rmb.cluster.Topics;
import dev.rmb.cluster.link.GatewayMessage;
import dev.rmb.cluster.link.Link;
import dev.rmb.cluster.link.LinkConnector;
import dev.rmb.cluster.link.LinkListener;
import dev.rmb.cluster.link.RouterMessage;
import dev.rmb.cluster.link.SessionInfo;
import dev.rmb.cluster.link.Whereabouts;
import dev.rmb.cluster.members.Heartbeat;
import dev.rmb.cluster.members.Member;
import dev.rmb.cluster.ownership.Claim;
import dev.rmb.cluster.ownership.Ownership;
import dev.rmb.cluster.ownership.OwnershipListener;
import dev.rmb.kafka.KafkaSettings;
import dev.rmb.protocol.Address;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A gateway without sockets, which keeps the rules of delivery.md that are a gateway's (10, 11, 13,
 * 14): the other end of a router's links, in the test's hands.
 */
final class ScriptedGateway implements OwnershipListener, AutoCloseable {
    private static final AtomicLong IDS = new AtomicLong(1);

    private final KafkaSettings kafka;
    private final Function<String, LinkConnector> routers;
    private final Ownership ownership;
    private final Heartbeat heartbeat;
    private final Map<Integer, Claim> claims = new HashMap<>();
    private final Map<String, Link<GatewayMessage>> links = new HashMap<>();
    private final Set<String> connecting = new HashSet<>();
    private final Map<Long, Client> clients = new LinkedHashMap<>();
    private final List<String> broken = new ArrayList<>();
    private final Map<Long, CompletableFuture<Whereabouts>> questions = new HashMap<>();
    private boolean closed;

    /** A connected client; what it got is in the order of its arrival. */
    final class Client {
        final SessionInfo info;
        private final int partition;
        private final boolean confirms;
        private final List<Long> offsets = new ArrayList<>();
        private final List<byte[]> envelopes = new ArrayList<>();
        private long written = -1;
        private long number;
        private boolean evicted;

        private Client(Address address, boolean confirms) {
            this.info = new SessionInfo(IDS.getAndIncrement(), address, System.currentTimeMillis());
            this.partition = Partitioning.partitionOf(address.twin(), kafka.partitions());
            this.confirms = confirms;
        }

        List<Long> offsets() {
            synchronized (ScriptedGateway.this) {
                return List.copyOf(offsets);
            }
        }

        List<byte[]> envelopes() {
            synchronized (ScriptedGateway.this) {
                return List.copyOf(envelopes);
            }
        }

        int received() {
            synchronized (ScriptedGateway.this) {
                return offsets.size();
            }
        }

        boolean isEvicted() {
            synchronized (ScriptedGateway.this) {
                return evicted;
            }
        }

        /** Confirms everything that was written so far. */
        void confirm() {
            synchronized (ScriptedGateway.this) {
                Claim claim = claims.get(partition);
                if (claim != null) {
                    say(
                            claim,
                            new GatewayMessage.Acknowledged(
                                    partition, claim.epoch(), info.id(), number));
                }
            }
        }

        void disconnect() {
            synchronized (ScriptedGateway.this) {
                leave(this);
            }
        }
    }

    /**
     * @param routers how each endpoint is reached
     */
    ScriptedGateway(KafkaSettings kafka, String pod, Function<String, LinkConnector> routers) {
        this.kafka = kafka;
        this.routers = routers;
        Topics topics = new Topics(kafka);
        this.ownership = new Ownership(kafka, topics.owners(), pod, this);
        this.heartbeat =
                new Heartbeat(
                        kafka,
                        topics.members(),
                        new Member(pod, Set.of(Member.Role.GATEWAY), 1, "test", ""));
    }

    void start() {
        ownership.start();
        heartbeat.start();
    }

    /** Connects a client that confirms everything at once. */
    Client connect(String address) {
        return connect(address, true);
    }

    synchronized Client connect(String address, boolean confirms) {
        Client client = new Client(Address.parse(address), confirms);
        clients.put(client.info.id(), client);
        Claim claim = claims.get(client.partition);
        if (claim != null) {
            say(claim, new GatewayMessage.Opened(client.partition, claim.epoch(), client.info));
        }
        return client;
    }

    /** Asks the address's owner whether it is connected; there must be one. */
    synchronized CompletableFuture<Whereabouts> ask(String text) {
        Address address = Address.parse(text);
        int partition = Partitioning.partitionOf(address.twin(), kafka.partitions());
        Claim claim = Objects.requireNonNull(claims.get(partition));
        long question = IDS.getAndIncrement();
        var answer = new CompletableFuture<Whereabouts>();
        questions.put(question, answer);
        say(claim, new GatewayMessage.Asked(partition, claim.epoch(), question, address));
        return answer;
    }

    /** What no gateway should see: gaps, and deliveries for sessions of another partition. */
    synchronized List<String> broken() {
        return List.copyOf(broken);
    }

    synchronized @Nullable Claim claim(int partition) {
        return claims.get(partition);
    }

    /** Cuts all links; they are opened again. */
    void cutLinks() {
        List<Link<GatewayMessage>> cut;
        synchronized (this) {
            cut = List.copyOf(links.values());
        }
        cut.forEach(Link::close);
    }

    @Override
    public void claimed(Claim claim) {
        boolean connect;
        synchronized (this) {
            claims.put(claim.partition(), claim);
            connect = !links.containsKey(claim.endpoint()) && connecting.add(claim.endpoint());
            if (!connect) {
                snapshot(claim);
            }
        }
        if (connect) {
            String endpoint = claim.endpoint();
            routers.apply(endpoint).connect(endpoint, new Way(endpoint));
        }
    }

    @Override
    public synchronized void released(Claim claim) {
        claims.remove(claim.partition());
    }

    @Override
    public synchronized void restarted() {
        claims.clear();
    }

    /** The links to one router, one after the other. */
    private final class Way implements LinkListener<GatewayMessage, RouterMessage> {
        private final String endpoint;

        Way(String endpoint) {
            this.endpoint = endpoint;
        }

        @Override
        public void opened(Link<GatewayMessage> link) {
            synchronized (ScriptedGateway.this) {
                links.put(endpoint, link);
                connecting.remove(endpoint);
                for (Claim claim : claims.values()) {
                    if (claim.endpoint().equals(endpoint)) {
                        snapshot(claim);
                    }
                }
            }
        }

        @Override
        public void received(Link<GatewayMessage> link, RouterMessage message) {
            synchronized (ScriptedGateway.this) {
                Claim claim = claims.get(message.partition());
                if (message instanceof RouterMessage.Answered answered) {
                    CompletableFuture<Whereabouts> asked = questions.remove(answered.question());
                    if (asked != null) {
                        asked.complete(answered.whereabouts());
                    }
                } else if (claim != null && claim.epoch() == message.epoch()) {
                    deliver(message);
                }
            }
        }

        @Override
        public void writable(Link<GatewayMessage> link) {}

        @Override
        public void closed(@Nullable Link<GatewayMessage> link, @Nullable Throwable cause) {
            boolean again;
            synchronized (ScriptedGateway.this) {
                connecting.remove(endpoint);
                // A router that is gone is not there to connect to; its successor's claim comes.
                again =
                        link != null
                                && links.remove(endpoint, link)
                                && !closed
                                && connecting.add(endpoint);
            }
            if (again) {
                routers.apply(endpoint).connect(endpoint, this);
            }
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        ownership.close();
        heartbeat.close();
        cutLinks();
    }

    private void deliver(RouterMessage message) {
        Client client = clients.get(message.sessionId());
        if (client == null) {
            return;
        }
        switch (message) {
            case RouterMessage.UsedElsewhere _,
                    RouterMessage.Answered _,
                    RouterMessage.OffersSeen _ -> {}
            case RouterMessage.Evict _ -> {
                client.evicted = true;
                leave(client);
            }
            case RouterMessage.Deliver deliver -> {
                if (deliver.number() != client.number + 1) {
                    broken.add(
                            client.info + " got " + deliver.number() + " after " + client.number);
                }
                client.number = deliver.number();
                if (deliver.offset() > client.written) {
                    client.written = deliver.offset();
                    client.offsets.add(deliver.offset());
                    client.envelopes.add(deliver.envelope());
                }
                if (client.confirms) {
                    client.confirm();
                }
            }
        }
    }

    private void snapshot(Claim claim) {
        List<SessionInfo> sessions = new ArrayList<>();
        for (Client client : clients.values()) {
            if (client.partition == claim.partition()) {
                client.number = 0;
                sessions.add(client.info);
            }
        }
        say(claim, new GatewayMessage.Snapshot(claim.partition(), claim.epoch(), sessions, true));
    }

    private void leave(Client client) {
        if (clients.remove(client.info.id()) != null) {
            Claim claim = claims.get(client.partition);
            if (claim != null) {
                say(
                        claim,
                        new GatewayMessage.Closed(
                                client.partition, claim.epoch(), client.info.id()));
            }
        }
    }

    private void say(Claim to, GatewayMessage message) {
        Link<GatewayMessage> link = links.get(to.endpoint());
        if (link != null) {
            link.send(message);
        }
    }
}
