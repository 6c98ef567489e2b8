package dev.rmb.router.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rmb.cluster.Origin;
import dev.rmb.cluster.link.GatewayMessage;
import dev.rmb.protocol.Address;
import dev.rmb.router.mailbox.Mailbox;
import dev.rmb.router.mailbox.Mailboxes;
import dev.rmb.router.mailbox.TreeKeyValues;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One partition in a world where everything fails: owners crash, pause and come back as zombies
 * that are fenced, and lose what they did not commit; their machines' clocks are set; links break,
 * silently or noticed by one end first; gateways pause and die; clients flap, vanish half open and
 * read slowly; mailboxes are full; messages expire; the broker loses the end of the log; claims and
 * look-ups come late.
 *
 * <p>After each step the owner's numbers and queues are audited ({@link Audit}); at each delivery
 * and decision it is judged whether that was right; after each commit, whether everything below the
 * watermark is done with; at each receipt the order; in the end, that nothing was lost.
 */
final class Simulation {
    /** Two belong to a twin of another relay, the last one to a twin that does not exist. */
    static final List<Address> ADDRESSES =
            Stream.of("1", "1:a", "1:b", "2", "3:b", "4", "4:a", "66").map(Address::parse).toList();

    private static final List<Address> REACHABLE = ADDRESSES.subList(0, 5);
    private static final List<Address> VISITED = ADDRESSES.subList(0, 7);

    /** A twin that does not exist. */
    private static final long UNKNOWN = 66;

    /** A twin of another relay, whose clients come here at times all the same. */
    static final long ELSEWHERE = 4;

    private static final List<List<String>> RELAYS =
            List.of(List.of("r1.example.net"), List.of("r2.example.net", "r1.example.net"));

    private static final int GATEWAYS = 2;
    private static final int SENDERS = 3;

    private final Random random;
    private final SimLog log = new SimLog();
    private final List<SimGateway> gateways = new ArrayList<>();
    private final List<SimLink> links = new ArrayList<>();
    private final List<SimOwner> zombies = new ArrayList<>();

    /** Links of which one end is gone, and the other has not noticed. */
    private final List<SimLink> halfBroken = new ArrayList<>();

    private final Set<SimGateway> paused = new HashSet<>();
    private final Map<Address, Long> lastFirstReceipt = new HashMap<>();

    /** Everybody's present session. */
    private final List<SimSender> senders = new ArrayList<>();

    /** Who writes to the log directly, as relays do. */
    private final SimSender direct = new SimSender(-1, null);

    /** What was received, by sender and receiver. */
    private final Map<String, List<SimLog.Entry>> receipts = new HashMap<>();

    /** Of a hundred messages, so many are offered beside the log. */
    private final int offering;

    private final Map<Address, Long> lastFirstAccepted = new HashMap<>();
    private SimOwner owner;
    private long nowMs = 1_000_000;
    private long ids = 1;

    /** Everything below was seen to be done with. */
    private long passed;

    private final DispatchSettings settings;

    /** Of a hundred chances to read the log, how many an owner takes. */
    private final int eagerness;

    Simulation(long seed) {
        this(seed, false);
    }

    /**
     * @param ignoreWatermark takeovers lose messages, which must be found
     */
    Simulation(long seed, boolean ignoreWatermark) {
        random = new Random(seed);
        MailboxLimits limits =
                random.nextInt(3) == 0
                        ? MailboxLimits.DEFAULTS
                        : new MailboxLimits(
                                random.nextInt(3, 15),
                                random.nextInt(2_000, 6_000),
                                random.nextInt(1, 4),
                                random.nextInt(5, 25),
                                random.nextInt(3_000, 9_000),
                                random.nextInt(4) > 0 ? 0 : random.nextInt(4_000, 15_000));
        settings =
                new DispatchSettings(
                        4,
                        2_000,
                        3,
                        6_000,
                        2_000,
                        250,
                        2_000,
                        12 * 3_600_000L,
                        limits,
                        false,
                        ignoreWatermark);
        eagerness = random.nextInt(10, 100);
        offering = random.nextInt(4) == 0 ? 0 : random.nextInt(50, 101);
        for (int i = 0; i < GATEWAYS; i++) {
            gateways.add(new SimGateway("gateway-" + i, log, ids++));
        }
        for (int client = 0; client < SENDERS; client++) {
            senders.add(new SimSender(client, any(gateways)));
        }
        owner = open();
    }

    /** Everything that may happen, and then an end that must be good. */
    void run(int steps) {
        for (int i = 0; i < steps; i++) {
            step();
            audit();
        }
        heal();
    }

    /** Lets everything come to rest, with a client at every address, and looks at the outcome. */
    private void heal() {
        zombies.forEach(this::dropLinksOf);
        zombies.clear();
        paused.clear();
        List.copyOf(halfBroken).forEach(this::noticed);
        for (SimGateway gateway : gateways) {
            while (!gateway.producing.isEmpty()) {
                log.append(gateway.producing.remove(), nowMs);
            }
        }
        links.forEach(link -> link.writable = true);
        for (SimGateway gateway : gateways) {
            List.copyOf(gateway.clients.values()).forEach(gateway::disconnect);
        }
        // A connect that is still on its way would evict those that follow.
        for (int i = 0; i < 100; i++) {
            calm();
        }
        for (Address address : REACHABLE) {
            any(gateways).connect(ids++, address, nowMs);
        }
        for (int i = 0; i < 5_000 && !isAtRest(); i++) {
            owner.read();
            calm();
        }
        audit();
        assertThat(owner.commit()).isTrue();
        checkWatermark();
        for (long offset = 0; offset < log.entries.size(); offset++) {
            SimLog.Entry entry = log.entries.get((int) offset);
            // Whether it was right to decide so was judged when it was decided.
            boolean isToldOrNeedNot = !needsAnswer(entry) || log.answered.contains(offset);
            boolean isGood =
                    log.received.contains(entry)
                            || log.federated.contains(offset)
                            || log.lost.contains(offset)
                            || (log.decidedForGood.contains(offset) && isToldOrNeedNot);
            assertThat(isGood).as("message %d to %s is lost", offset, entry.address()).isTrue();
        }
        TreeKeyValues store = owner.store.entries();
        assertThat(store.count('m')).as("mail that was never delivered").isZero();
        assertThat(store.count('r')).as("refusals that nobody was told of").isZero();
        assertThat(owner.dispatcher.memoryBytes()).isZero();
        assertThat(owner.dispatcher.sessions()).isEqualTo(REACHABLE.size());
        assertThat(owner.dispatcher.stored()).isEqualTo(new Mailbox.Depth(0, 0));
    }

    private boolean isAtRest() {
        return owner.isMerged()
                && owner.isAtEnd()
                && owner.store.mails() == 0
                && owner.dispatcher.memoryBytes() == 0
                && owner.dispatcher.watermarkLag() == 0
                && owner.dispatcher.sessions() == REACHABLE.size()
                && owner.store.entries().count('r') == 0;
    }

    private void audit() {
        new Audit(owner).check();
        if (!zombies.isEmpty()) {
            // They do little: one of them at a time.
            new Audit(any(zombies)).check();
        }
    }

    /** A request that is not delivered is answered, unless it had no time to live. */
    private static boolean needsAnswer(SimLog.Entry entry) {
        return entry.isRequest() && !entry.mayNotWait();
    }

    private void step() {
        int dice = random.nextInt(1_000);
        if (dice < 120) {
            send();
        } else if (dice < 170) {
            produce();
        } else if (dice < 200) {
            any(gateways).offer(random);
        } else if (dice < 203) {
            moveSender();
        } else if (dice < 213) {
            craft();
        } else if (dice < 350) {
            if (random.nextInt(100) < eagerness) {
                owner.read();
            } else {
                owner.handOver();
            }
        } else if (dice < 520) {
            carry();
        } else if (dice < 700) {
            readSome();
        } else if (dice < 790) {
            pass(random.nextInt(100));
        } else if (dice < 830) {
            commit();
        } else if (dice < 850) {
            connect();
        } else if (dice < 865) {
            disconnect();
        } else if (dice < 900) {
            SimOwner answered = anyOwner();
            answer(answered);
            federate(answered, false);
        } else if (dice < 950) {
            hear();
        } else if (dice < 965) {
            openLinks();
        } else if (dice < 970) {
            breakLink();
        } else if (dice < 975) {
            noticed();
        } else if (dice < 977) {
            SimGateway gateway = any(gateways);
            if (!paused.remove(gateway)) {
                paused.add(gateway);
            }
        } else if (dice < 980) {
            if (!links.isEmpty()) {
                SimLink link = any(links);
                link.writable = !link.writable;
            }
        } else if (dice < 984) {
            pass(random.nextBoolean() ? 2_500 : random.nextInt(12_000));
        } else if (dice < 988) {
            replaceOwner();
        } else if (dice < 991) {
            gatewayDies();
        } else if (dice < 994) {
            zombieEnds();
        } else if (dice < 995) {
            zombieWakes();
        } else if (dice < 996) {
            anyOwner().wallAheadMs = clockError();
        } else if (dice < 997 && random.nextInt(4) == 0) {
            brokerLosesPower();
        } else {
            anyOwner().dispatcher.work();
        }
    }

    /** A step without faults. */
    private void calm() {
        hearEverything();
        openLinks();
        for (SimLink link : List.copyOf(links)) {
            carry(link, 100);
        }
        for (SimGateway gateway : gateways) {
            for (SimGateway.Client client : gateway.clients.values()) {
                read(gateway, client, 100);
            }
        }
        answer(owner);
        federate(owner, true);
        pass(10);
        while (owner.dispatcher.work()) {
            // until there is no more of it
        }
    }

    private void send() {
        SimSender sender = random.nextInt(20) == 0 ? direct : any(senders);
        send(sender, any(ADDRESSES), random.nextInt(100) < offering);
        SimGateway gateway = sender.gateway;
        if (gateway == null) {
            return;
        }
        if (random.nextInt(3) > 0) {
            gateway.endTurn();
        }
        // Most go their way at once: together, or the log first.
        switch (random.nextInt(4)) {
            case 0 -> gateway.offer(random);
            case 1 -> produce(gateway, 3);
            default -> {}
        }
    }

    private void send(SimSender sender, Address address, boolean isOffered) {
        boolean isRequest = random.nextBoolean();
        boolean failFast = random.nextInt(5) == 0;
        long seconds =
                switch (random.nextInt(10)) {
                    case 0 -> 0;
                    case 1, 2 -> random.nextInt(1, 20);
                    default -> 3_600;
                };
        String to = address.toString();
        TestMessage message =
                (isRequest ? TestMessage.request(to) : TestMessage.response(to))
                        .expiration(seconds)
                        .payload(random.nextInt(20) == 0 ? 1_500 : random.nextInt(300));
        if (failFast) {
            message.failFast();
        }
        SimGateway gateway = sender.gateway;
        Origin origin = gateway == null ? null : gateway.next(sender);
        log.sends(sender);
        SimLog.Entry entry =
                new SimLog.Entry(
                        to,
                        isRequest,
                        failFast,
                        address.twin() != UNKNOWN,
                        seconds * 1_000,
                        message.key(),
                        message.value(),
                        sender,
                        origin);
        if (gateway == null || origin == null) {
            log.append(entry, nowMs);
            return;
        }
        gateway.send(entry, origin, isOffered);
    }

    private void produce() {
        SimGateway gateway = any(gateways);
        if (random.nextInt(30) == 0) {
            // The producer gives up: nobody is told that they are accepted.
            gateway.producing.poll();
        }
        produce(gateway, 1 + random.nextInt(5));
    }

    /** The log takes some of what a producer has. */
    private void produce(SimGateway gateway, int count) {
        for (int i = 0; i < count && !gateway.producing.isEmpty(); i++) {
            log.append(gateway.producing.remove(), nowMs);
        }
    }

    /** What is dangerous beside the log, and chance alone does seldom. */
    private void craft() {
        SimGateway at = any(gateways);
        SimLink link = at.link();
        // Over a link that one end knows to be broken nothing arrives, whatever the other believes.
        if (offering == 0
                || link == null
                || !links.contains(link)
                || at.clients.isEmpty()
                || paused.contains(at)) {
            return;
        }
        SimGateway.Client client = any(List.copyOf(at.clients.values()));
        Address address = client.info.address();
        SimSender sender = any(senders);
        SimGateway from = sender.gateway;
        if (from == null) {
            return;
        }
        if (random.nextBoolean()) {
            // The owner knows all that was sent before.
            produce(from, 100);
            for (int i = 0; i < 50; i++) {
                owner.read();
            }
        }
        switch (random.nextInt(6)) {
            case 0 -> {
                // Much comes at once.
                for (int i = 0; i < 5; i++) {
                    send(sender, address, true);
                }
            }
            case 1 -> {
                // A sender goes elsewhere, and what it sent before is in the log and not read.
                send(sender, address, false);
                produce(from, 100);
                SimSender moved = new SimSender(sender.client, any(gateways));
                senders.set(sender.client, moved);
                sender = moved;
            }
            case 2 -> {
                // The log has something before what went out beside it, and the link breaks.
                send(sender, address, true);
                arrive(from);
                send(direct, address, false);
                produce(from, 100);
                for (int i = 0; i < 50; i++) {
                    owner.read();
                }
                breakLink(link);
            }
            case 3 -> {
                // Offers are faster than the gateway's snapshot.
                breakLink(link);
                openLinks();
                SimLink anew = at.link();
                if (anew != null && links.contains(anew) && from == at) {
                    send(sender, address, true);
                    at.offerAll();
                    carryFirst(anew, anew.toOwner);
                    carryFirst(anew, anew.offers);
                }
            }
            case 4 -> {
                // A receiver comes back before the log brings what it was offered.
                send(sender, address, true);
                arrive(from);
                at.disconnect(client);
                at.connect(ids++, address, nowMs);
                carry(link, 100);
            }
            default -> {
                // A link has no room for a moment.
                link.writable = false;
                send(sender, address, false);
                produce(from, 100);
                for (int i = 0; i < 10; i++) {
                    owner.read();
                }
                link.writable = true;
            }
        }
        send(sender, address, true);
        if (sender.gateway != null) {
            arrive(sender.gateway);
        }
    }

    private static void carryFirst(SimLink link, ArrayDeque<? extends GatewayMessage> messages) {
        GatewayMessage first = messages.poll();
        if (first != null) {
            link.owner.receive(link, first);
        }
    }

    /** Its offers are with the owner. */
    private void arrive(SimGateway gateway) {
        gateway.offerAll();
        SimLink link = gateway.link();
        if (link != null && links.contains(link) && !paused.contains(gateway)) {
            carry(link, 100);
        }
    }

    /** Somebody connects anew, here or there. */
    private void moveSender() {
        int client = random.nextInt(SENDERS);
        senders.set(client, new SimSender(client, any(gateways)));
    }

    private void pass(int ms) {
        nowMs += ms;
        owner.dispatcher.allow(random.nextInt(4) > 0 ? Long.MAX_VALUE : random.nextInt(1_000));
        owner.tick(nowMs);
        owner.dispatcher.work();
        // Zombies are paused most of the time.
        for (SimOwner zombie : zombies) {
            if (random.nextInt(4) == 0) {
                zombie.tick(nowMs);
                zombie.read();
            }
        }
    }

    private void commit() {
        assertThat(owner.commit()).isTrue();
        checkWatermark();
    }

    /** Everything below the watermark is done with, or stored. */
    private void checkWatermark() {
        Mailboxes stored = new Mailboxes(log.committedStore());
        long watermark = stored.watermark().orElse(0);
        assertThat(watermark).isLessThanOrEqualTo(log.committedOffset());
        // Decided on after they were stored; the answers are on their way, and are stored, too.
        Set<Long> open = new HashSet<>();
        stored.forEachRefusal((offset, refusal) -> {
            if (refusal != null) {
                open.add(offset);
            }
        });
        for (long offset = passed; offset < watermark; offset++) {
            SimLog.Entry entry = log.entries.get((int) offset);
            boolean isDone =
                    log.lost.contains(offset)
                            || log.acknowledgedForGood.contains(entry)
                            || (log.decidedForGood.contains(offset)
                                    && (!needsAnswer(entry)
                                            || log.answered.contains(offset)
                                            || open.contains(offset)));
            assertThat(isDone || stored.of(Address.parse(entry.address())).contains(offset))
                    .as("message %d is below the watermark %d and nowhere", offset, watermark)
                    .isTrue();
            if (isDone && offset == passed && !open.contains(offset)) {
                passed++;
            }
        }
    }

    private void connect() {
        SimGateway gateway = any(gateways);
        if (paused.contains(gateway)) {
            return;
        }
        SimGateway.Client client = gateway.connect(ids++, any(VISITED), nowMs);
        client.gone = random.nextInt(6) == 0;
    }

    private void disconnect() {
        SimGateway gateway = any(gateways);
        if (!gateway.clients.isEmpty() && !paused.contains(gateway)) {
            gateway.disconnect(any(List.copyOf(gateway.clients.values())));
        }
    }

    private void readSome() {
        SimGateway gateway = any(gateways);
        if (!gateway.clients.isEmpty() && !paused.contains(gateway)) {
            SimGateway.Client client = any(List.copyOf(gateway.clients.values()));
            if (!client.gone) {
                read(gateway, client, 1 + random.nextInt(5));
            }
        }
    }

    private void read(SimGateway gateway, SimGateway.Client client, int count) {
        for (SimGateway.Written written : client.unread.stream().limit(count).toList()) {
            // A decision that was not committed when its owner died may be another one later.
            // One that the log lost may still come out of a former session's socket.
            // One that another relay accepted is its, and comes again if that was not committed.
            SimLog.Entry entry = written.entry();
            boolean isCertain =
                    !log.decided.contains(entry.place)
                            && !log.lost.contains(entry.place)
                            && !log.federated.contains(entry.place);
            if (isCertain && !written.filtered() && !log.received.contains(entry)) {
                Address address = client.info.address();
                isInOrder(entry);
                if (offering == 0) {
                    // Without offers all are in the order of the log, whoever sent them.
                    long before = lastFirstReceipt.getOrDefault(address, -1L);
                    assertThat(entry.place)
                            .as("%s got %d after %d", address, entry.place, before)
                            .isGreaterThan(before);
                    lastFirstReceipt.put(address, entry.place);
                }
            }
        }
        gateway.read(client, count);
    }

    /** Nothing that was sent after it, by the same, came before it. */
    private void isInOrder(SimLog.Entry entry) {
        List<SimLog.Entry> before =
                receipts.computeIfAbsent(
                        entry.sender.client + " " + entry.address(), _ -> new ArrayList<>());
        for (SimLog.Entry earlier : before) {
            assertThat(entry.mustPrecede(earlier)).as("%s after %s", entry, earlier).isFalse();
        }
        before.add(entry);
    }

    private void carry() {
        if (!links.isEmpty()) {
            SimLink link = any(links);
            if (!paused.contains(link.gateway)) {
                carry(link, 1 + random.nextInt(4));
            }
        }
    }

    private void carry(SimLink link, int count) {
        assertThat(link.owner.links)
                .as("nothing comes over a link that ended")
                .containsKey(link.id);
        for (int i = 0; i < count; i++) {
            var offers = link.offers.isEmpty() || random.nextBoolean() ? null : link.offers.poll();
            if (offers != null) {
                link.owner.receive(link, offers);
            }
            var toOwner = link.toOwner.poll();
            if (toOwner != null) {
                link.owner.receive(link, toOwner);
            }
            var toGateway = link.toGateway.poll();
            if (toGateway != null) {
                link.gateway.receive(link, toGateway);
            }
        }
    }

    private Standing standing(long twin) {
        if (twin == UNKNOWN) {
            return Standing.UNKNOWN;
        }
        return twin == ELSEWHERE ? Standing.elsewhere(any(RELAYS)) : Standing.OURS;
    }

    private void answer(SimOwner answered) {
        Long twin = answered.lookUps.poll();
        if (twin != null) {
            if (random.nextInt(5) == 0) {
                answered.dispatcher.lookUpFailed(twin);
            } else {
                answered.dispatcher.lookedUp(twin, standing(twin));
            }
        }
        Long doubted = answered.lookUpsAnew.poll();
        if (doubted != null) {
            if (random.nextInt(5) == 0) {
                answered.dispatcher.lookUpAnewFailed(doubted);
            } else {
                answered.dispatcher.lookedUpAnew(doubted, standing(doubted));
            }
        }
        Long refused = answered.refusals.poll();
        if (refused != null) {
            boolean accepted = random.nextInt(5) != 0;
            if (accepted) {
                log.answered.add(refused);
            }
            answered.dispatcher.answered(refused, accepted);
        }
    }

    /** The other relay takes a message, or does not. */
    private void federate(SimOwner from, boolean isUp) {
        if (from.posts.isEmpty()) {
            return;
        }
        Address to = any(List.copyOf(from.posts.keySet()));
        Posted what =
                switch (isUp ? 10 : random.nextInt(16)) {
                    case 0 -> Posted.OFFLINE;
                    case 1 -> Posted.NOT_THERE;
                    case 2 -> Posted.REFUSED;
                    case 3, 4, 5 -> Posted.FAILED;
                    default -> Posted.ACCEPTED;
                };
        // An answer may be lost, and what it says be true all the same.
        boolean isTaken = what == Posted.ACCEPTED || random.nextInt(10) == 0;
        long offset = Objects.requireNonNull(from.posts.get(to)).offsets().element();
        boolean isCertain =
                !log.decided.contains(offset)
                        && !log.lost.contains(offset)
                        && !log.received.contains(log.entries.get((int) offset));
        if (isTaken && log.federated.add(offset) && isCertain) {
            long before = lastFirstAccepted.getOrDefault(to, -1L);
            assertThat(offset)
                    .as("%s accepted %d after %d", to, offset, before)
                    .isGreaterThan(before);
            lastFirstAccepted.put(to, offset);
        }
        from.answer(to, what);
    }

    /** Somebody reads the next claim. */
    private void hear() {
        if (random.nextBoolean()) {
            SimGateway gateway = any(gateways);
            if (gateway.canReadClaim() && !paused.contains(gateway)) {
                gateway.readClaim();
            }
        } else {
            SimOwner hearing = anyOwner();
            if (hearing.read < log.claims.size()) {
                hearing.readClaim(hearing == owner);
            }
        }
    }

    private void hearEverything() {
        for (SimGateway gateway : gateways) {
            while (gateway.canReadClaim()) {
                gateway.readClaim();
            }
        }
        while (owner.read < log.claims.size()) {
            owner.readClaim(true);
        }
    }

    private void openLinks() {
        for (SimGateway gateway : gateways) {
            SimOwner to = gateway.owner();
            if (to != null
                    && !paused.contains(gateway)
                    && gateway.needsLink()
                    && (to == owner || zombies.contains(to))) {
                SimLink link = linkBetween(gateway, to);
                if (link == null) {
                    link = new SimLink(ids++, gateway, to);
                    links.add(link);
                    to.links.put(link.id, link);
                }
                gateway.opened(link);
            }
        }
    }

    private @Nullable SimLink linkBetween(SimGateway gateway, SimOwner to) {
        for (SimLink link : links) {
            if (link.gateway == gateway && link.owner == to) {
                return link;
            }
        }
        return null;
    }

    private void breakLink() {
        if (!links.isEmpty()) {
            SimLink link = any(links);
            switch (random.nextInt(3)) {
                case 0 -> breakLink(link);
                case 1 -> {
                    // The gateway notices first, and may be back before the owner does.
                    links.remove(link);
                    link.gateway.closed(link);
                    halfBroken.add(link);
                }
                default -> {
                    links.remove(link);
                    ownerNotices(link);
                    halfBroken.add(link);
                }
            }
        }
    }

    private void noticed() {
        if (!halfBroken.isEmpty()) {
            noticed(any(halfBroken));
        }
    }

    /** The other end of a broken link notices, too. */
    private void noticed(SimLink link) {
        halfBroken.remove(link);
        link.gateway.closed(link);
        if (link.owner.links.containsKey(link.id)) {
            ownerNotices(link);
        }
    }

    private static void ownerNotices(SimLink link) {
        link.owner.linkClosed(link);
    }

    private void breakLink(SimLink link) {
        links.remove(link);
        link.gateway.closed(link);
        ownerNotices(link);
    }

    private void dropLinksOf(SimOwner dead) {
        for (SimLink link : List.copyOf(links)) {
            if (link.owner == dead) {
                breakLink(link);
            }
        }
    }

    /** The owner dies, or is paused so long that another one takes over. */
    private void replaceOwner() {
        SimOwner former = owner;
        if (random.nextBoolean()) {
            dropLinksOf(former);
        } else {
            zombies.add(former);
        }
        owner = open();
        if (random.nextBoolean()) {
            paused.clear();
            // Everybody hears of it before the log is merged, and all clients are new.
            for (SimGateway gateway : gateways) {
                for (SimGateway.Client client : List.copyOf(gateway.clients.values())) {
                    gateway.connect(ids++, client.info.address(), nowMs);
                }
            }
            hearEverything();
            openLinks();
            for (SimLink link : List.copyOf(links)) {
                carry(link, 100);
            }
        }
    }

    /** Clocks are right, or a little wrong, or an hour. */
    private long clockError() {
        return switch (random.nextInt(8)) {
            case 0 -> -3_600_000;
            case 1 -> random.nextInt(-10_000, 10_000);
            case 2 -> random.nextInt(600_000);
            default -> 0;
        };
    }

    private SimOwner open() {
        SimOwner opened =
                new SimOwner(
                        log,
                        settings,
                        nowMs,
                        clockError(),
                        Set.copyOf(gateways.stream().map(g -> g.name).toList()));
        log.claims.add(opened);
        return opened;
    }

    /**
     * The log loses its end, also some of what was read and committed. Nobody who read it goes on
     * before it has found that out.
     */
    private void brokerLosesPower() {
        log.cut(log.end() - Math.min(log.end(), random.nextInt(40)));
        zombies.forEach(this::dropLinksOf);
        zombies.clear();
        dropLinksOf(owner);
        owner = open();
    }

    private void zombieEnds() {
        if (!zombies.isEmpty()) {
            SimOwner zombie = any(zombies);
            zombies.remove(zombie);
            dropLinksOf(zombie);
        }
    }

    /** It goes on as if nothing had happened, until it commits. */
    private void zombieWakes() {
        if (zombies.isEmpty()) {
            return;
        }
        SimOwner zombie = any(zombies);
        for (int i = random.nextInt(30); i > 0; i--) {
            zombie.tick(nowMs);
            zombie.read();
            zombie.dispatcher.work();
            answer(zombie);
        }
        assertThat(zombie.commit()).as("a zombie commits").isFalse();
        zombies.remove(zombie);
        dropLinksOf(zombie);
    }

    private void gatewayDies() {
        int dead = random.nextInt(gateways.size());
        SimGateway gateway = gateways.get(dead);
        for (SimLink link : List.copyOf(links)) {
            if (link.gateway == gateway) {
                breakLink(link);
            }
        }
        paused.remove(gateway);
        // Some of what its producer had sent is on its way, and arrives.
        produce(gateway, random.nextInt(5));
        SimGateway next = new SimGateway(gateway.name, log, ids++);
        gateways.set(dead, next);
        for (SimSender sender : List.copyOf(senders)) {
            if (sender.gateway == gateway) {
                senders.set(sender.client, new SimSender(sender.client, any(gateways)));
            }
        }
    }

    private SimOwner anyOwner() {
        return zombies.isEmpty() || random.nextInt(4) > 0 ? owner : any(zombies);
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
