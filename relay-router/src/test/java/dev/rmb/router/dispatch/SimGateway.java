package dev.rmb.router.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rmb.cluster.link.GatewayMessage;
import dev.rmb.cluster.link.RouterMessage;
import dev.rmb.cluster.link.SessionInfo;
import dev.rmb.protocol.Address;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A gateway that keeps rules 10, 11, 13 and 14, and checks what an owner sends it. */
final class SimGateway {
    static final int PARTITION = 0;

    final String name;
    final Map<Long, Client> clients = new LinkedHashMap<>();
    private final SimLog log;

    /** How many claims it has read. */
    private int read;

    private long epoch = -1;
    private @Nullable SimLink link;

    /** A session and the client at its other end. */
    static final class Client {
        final SessionInfo info;

        /** Half open: what is written to it is read by nobody. */
        boolean gone;

        /** The filter: the highest offset written. */
        long written = -1;

        /** Of the last delivery on this link, under this claim. */
        long number;

        final Set<Long> offsets = new HashSet<>();
        final ArrayDeque<Written> unread = new ArrayDeque<>();

        Client(SessionInfo info) {
            this.info = info;
        }
    }

    /** A delivery behind which a ping was sent. */
    record Written(long offset, long number, boolean filtered) {}

    SimGateway(String name, SimLog log) {
        this.name = name;
        this.log = log;
        this.read = 0;
    }

    /** Whose claim it obeys. */
    @Nullable SimOwner owner() {
        return epoch < 0 ? null : log.claims.get((int) epoch);
    }

    boolean canReadClaim() {
        return read < log.claims.size();
    }

    /** Reads the next claim, and obeys it from now on. */
    void readClaim() {
        epoch = read++;
        link = null;
        clients.values().forEach(SimGateway::forgetNumbers);
    }

    /** A link to the owner is open: everything is said anew. */
    void opened(SimLink opened) {
        link = opened;
        clients.values().forEach(SimGateway::forgetNumbers);
        List<SessionInfo> sessions =
                new ArrayList<>(clients.values().stream().map(c -> c.info).toList());
        int half = sessions.size() / 2;
        opened.toOwner.add(
                new GatewayMessage.Snapshot(PARTITION, epoch, sessions.subList(0, half), false));
        opened.toOwner.add(
                new GatewayMessage.Snapshot(
                        PARTITION, epoch, sessions.subList(half, sessions.size()), true));
    }

    void closed(SimLink closed) {
        if (link == closed) {
            link = null;
        }
    }

    boolean needsLink() {
        return epoch >= 0 && link == null;
    }

    Client connect(long id, Address address, long nowMs) {
        // Within one gateway the newer session replaces the older at once.
        for (Client former : List.copyOf(clients.values())) {
            if (former.info.address().equals(address)) {
                disconnect(former);
            }
        }
        Client client = new Client(new SessionInfo(id, address, nowMs));
        clients.put(id, client);
        if (link != null) {
            link.toOwner.add(new GatewayMessage.Opened(PARTITION, epoch, client.info));
        }
        return client;
    }

    void disconnect(Client client) {
        clients.remove(client.info.id());
        if (link != null) {
            link.toOwner.add(new GatewayMessage.Closed(PARTITION, epoch, client.info.id()));
        }
    }

    void receive(SimLink from, RouterMessage message) {
        if (message.epoch() != epoch || from != link) {
            return;
        }
        Client client = clients.get(message.sessionId());
        if (client == null) {
            return;
        }
        switch (message) {
            case RouterMessage.UsedElsewhere _, RouterMessage.OffersSeen _ -> {}
            case RouterMessage.Evict _ -> disconnect(client);
            case RouterMessage.Deliver deliver -> {
                assertThat(deliver.number())
                        .as("a gap in the numbers")
                        .isEqualTo(client.number + 1);
                client.number = deliver.number();
                boolean filtered = deliver.offset() <= client.written;
                if (filtered) {
                    boolean isCertain = !log.decided.contains(deliver.offset());
                    assertThat(
                                    !isCertain
                                            || client.offsets.contains(deliver.offset())
                                            || log.confirmed.contains(deliver.offset()))
                            .as("message %d comes too late for the session", deliver.offset())
                            .isTrue();
                } else {
                    client.written = deliver.offset();
                    client.offsets.add(deliver.offset());
                }
                client.unread.add(new Written(deliver.offset(), deliver.number(), filtered));
            }
        }
    }

    /** The client reads some of what was written, and its pong confirms it. */
    void read(Client client, int count) {
        long number = 0;
        for (int i = 0; i < count && !client.unread.isEmpty(); i++) {
            Written written = client.unread.remove();
            log.received.add(written.offset());
            log.confirmed.add(written.offset());
            number = Math.max(number, written.number());
        }
        if (link != null && number > 0) {
            link.toOwner.add(
                    new GatewayMessage.Acknowledged(PARTITION, epoch, client.info.id(), number));
        }
    }

    private static void forgetNumbers(Client client) {
        client.number = 0;
        // What was written stays written, but is not acknowledged under another claim or link.
        ArrayDeque<Written> unread = new ArrayDeque<>();
        client.unread.forEach(w -> unread.add(new Written(w.offset(), 0, w.filtered())));
        client.unread.clear();
        client.unread.addAll(unread);
    }
}
