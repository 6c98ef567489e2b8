package dev.rmb.router.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rmb.cluster.Origin;
import dev.rmb.cluster.link.GatewayMessage;
import dev.rmb.cluster.link.Offer;
import dev.rmb.cluster.link.RouterMessage;
import dev.rmb.cluster.link.SessionInfo;
import dev.rmb.protocol.Address;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A gateway that keeps rules 10, 11, 13 and 14, and checks what an owner sends it. */
final class SimGateway {
    static final int PARTITION = 0;

    final String name;

    /** Its producer. */
    final long writer;

    /** Of the last record that it handed to its producer. */
    private long sequence;

    /** What the producer has and the log has not, in order. */
    final ArrayDeque<SimLog.Entry> producing = new ArrayDeque<>();

    /** Offers of this turn. */
    private final List<Offer> offers = new ArrayList<>();

    /** Offers that are still on their way. */
    final List<GatewayMessage.Offers> late = new ArrayList<>();

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

        final Set<SimLog.Entry> messages = new HashSet<>();

        /** The filter beside the log: the highest sequence written, of each writer. */
        final Map<Long, Long> origins = new HashMap<>();

        final ArrayDeque<Written> unread = new ArrayDeque<>();

        Client(SessionInfo info) {
            this.info = info;
        }
    }

    /** A delivery behind which a ping was sent. */
    record Written(SimLog.Entry entry, long number, boolean filtered) {}

    SimGateway(String name, SimLog log, long writer) {
        this.writer = writer;
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
        int half = (sessions.size() + 1) / 2;
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

    /** Hands a message to the producer, and perhaps offers it at the end of the turn. */
    void send(SimLog.Entry entry, Origin origin, boolean isOffered) {
        producing.add(entry);
        log.sent.put(origin, entry);
        if (isOffered) {
            offers.add(new Offer(origin.sequence(), entry.sender.first, entry.value()));
        }
    }

    /** The next record's name. */
    Origin next(SimSender sender) {
        sequence++;
        if (sender.first == 0) {
            sender.first = sequence;
        }
        return new Origin(writer, sequence);
    }

    /** The turn ends: what it offered is on its way. */
    void endTurn() {
        if (!offers.isEmpty()) {
            late.add(new GatewayMessage.Offers(PARTITION, epoch, writer, offers));
            offers.clear();
        }
    }

    /** Some offers arrive, in whatever order, once or again or never. */
    void offer(Random random) {
        if (late.isEmpty()) {
            return;
        }
        int fate = random.nextInt(10);
        int which = fate < 5 ? 0 : random.nextInt(late.size());
        GatewayMessage.Offers next = fate == 0 ? late.get(which) : late.remove(which);
        if (fate != 1 && link != null) {
            link.offers.add(next);
        }
    }

    /** All of them arrive, in order. */
    void offerAll() {
        endTurn();
        if (link != null) {
            link.offers.addAll(late);
        }
        late.clear();
    }

    @Nullable SimLink link() {
        return link;
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
            case RouterMessage.UsedElsewhere _,
                    RouterMessage.Answered _,
                    RouterMessage.OffersSeen _ -> {}
            case RouterMessage.Evict _ -> disconnect(client);
            case RouterMessage.Deliver deliver -> {
                assertThat(deliver.number())
                        .as("a gap in the numbers")
                        .isEqualTo(client.number + 1);
                client.number = deliver.number();
                SimLog.Entry entry =
                        deliver.offset() < 0
                                ? Objects.requireNonNull(log.sent.get(deliver.origin()))
                                : log.entries.get((int) deliver.offset());
                boolean filtered = isWritten(client, deliver.offset(), deliver.origin());
                if (filtered) {
                    boolean isCertain = !log.decided.contains(entry.place);
                    assertThat(
                                    !isCertain
                                            || client.messages.contains(entry)
                                            || log.confirmed.contains(entry)
                                            || log.federated.contains(entry.place))
                            .as("%s comes too late for the session", entry)
                            .isTrue();
                } else {
                    assertThat(client.messages.add(entry))
                            .as("%s is given to the session again", entry)
                            .isTrue();
                }
                client.unread.add(new Written(entry, deliver.number(), filtered));
            }
        }
    }

    private static boolean isWritten(Client client, long offset, @Nullable Origin origin) {
        boolean isWritten = offset >= 0 && offset <= client.written;
        client.written = Math.max(client.written, offset);
        if (origin != null) {
            long highest = client.origins.getOrDefault(origin.writer(), 0L);
            isWritten |= origin.sequence() <= highest;
            client.origins.put(origin.writer(), Math.max(highest, origin.sequence()));
        }
        return isWritten;
    }

    /** The client reads some of what was written, and its pong confirms it. */
    void read(Client client, int count) {
        long number = 0;
        for (int i = 0; i < count && !client.unread.isEmpty(); i++) {
            Written written = client.unread.remove();
            log.received.add(written.entry());
            log.confirmed.add(written.entry());
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
        client.unread.forEach(w -> unread.add(new Written(w.entry(), 0, w.filtered())));
        client.unread.clear();
        client.unread.addAll(unread);
    }
}
