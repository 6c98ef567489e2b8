package dev.rmb.router.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rmb.protocol.Address;
import dev.rmb.router.dispatch.SimLog.Fate;
import dev.rmb.router.mailbox.Mailboxes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One partition in a world where everything fails: owners crash, pause and come back as zombies,
 * lose what they did not commit; links break; gateways die; clients flap, vanish half open and read
 * slowly; claims and look-ups come late. After each commit the watermark is checked, at each
 * delivery the order, and in the end that nothing was lost.
 */
final class Simulation {
    private static final List<String> ADDRESSES = List.of("1", "1:a", "2", "3:b", "66");

    /** A twin that does not exist. */
    private static final long UNKNOWN = 66;

    private static final int GATEWAYS = 2;

    private final Random random;
    private final SimLog log = new SimLog();
    private final List<SimGateway> gateways = new ArrayList<>();
    private final List<SimLink> links = new ArrayList<>();
    private final List<SimOwner> zombies = new ArrayList<>();
    private final Map<String, Long> lastFirstReceipt = new HashMap<>();
    private SimOwner owner;
    private long nowMs = 1_000_000;
    private long ids = 1;

    /** Of a hundred chances to read the log, how many an owner takes. */
    private final int eagerness;

    Simulation(long seed) {
        random = new Random(seed);
        eagerness = random.nextInt(10, 100);
        for (int i = 0; i < GATEWAYS; i++) {
            gateways.add(new SimGateway("gateway-" + i, log));
        }
        owner = open();
    }

    void run(int steps) {
        for (int i = 0; i < steps; i++) {
            step();
        }
    }

    /** Lets everything come to rest, with a client at every address, and looks at the outcome. */
    void heal() {
        zombies.forEach(this::dropLinksOf);
        zombies.clear();
        links.forEach(link -> link.writable = true);
        for (SimGateway gateway : gateways) {
            List.copyOf(gateway.clients.values()).forEach(gateway::disconnect);
        }
        // A connect that is still on its way would evict those that follow.
        for (int i = 0; i < 100; i++) {
            calm();
        }
        for (String address : ADDRESSES.subList(0, 4)) {
            any(gateways).connect(ids++, Address.parse(address), nowMs);
        }
        for (int i = 0; i < 3_000; i++) {
            owner.read();
            calm();
        }
        owner.commit();
        checkWatermark();
        for (long offset = 0; offset < log.entries.size(); offset++) {
            SimLog.Entry entry = log.entries.get((int) offset);
            boolean good =
                    log.received.contains(offset)
                            || switch (entry.fate()) {
                                case DELIVERED -> false;
                                case DELIVERED_OR_REFUSED -> log.answered.contains(offset);
                                case DELIVERED_OR_DROPPED -> true;
                            };
            assertThat(good).as("message %d to %s is lost", offset, entry.address()).isTrue();
        }
        assertThat(owner.store.count('m')).as("mail that was never delivered").isZero();
        assertThat(owner.dispatcher.memoryBytes()).isZero();
        assertThat(owner.dispatcher.sessions()).isEqualTo(4);
    }

    private void step() {
        int dice = random.nextInt(1_000);
        if (dice < 150) {
            append();
        } else if (dice < 330) {
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
            answer(anyOwner());
        } else if (dice < 950) {
            hear();
        } else if (dice < 965) {
            openLinks();
        } else if (dice < 972) {
            breakLink();
        } else if (dice < 980) {
            if (!links.isEmpty()) {
                SimLink link = any(links);
                link.writable = !link.writable;
            }
        } else if (dice < 984) {
            pass(2_500);
        } else if (dice < 988) {
            replaceOwner();
        } else if (dice < 991) {
            gatewayDies();
        } else if (dice < 994) {
            zombieEnds();
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
        pass(10);
        while (owner.dispatcher.work()) {
            // until there is no more of it
        }
    }

    private void append() {
        String address = any(ADDRESSES);
        boolean isRequest = random.nextBoolean();
        boolean failFast = random.nextInt(5) == 0;
        boolean mayNotWait = random.nextInt(10) == 0;
        TestMessage message =
                (isRequest ? TestMessage.request(address) : TestMessage.response(address))
                        .payload(random.nextInt(20) == 0 ? 1_500 : random.nextInt(300));
        if (failFast) {
            message.failFast();
        }
        if (mayNotWait) {
            message.expiration(0);
        }
        boolean mayBeRefused = failFast || Address.parse(address).twin() == UNKNOWN;
        Fate fate =
                mayNotWait || (mayBeRefused && !isRequest)
                        ? Fate.DELIVERED_OR_DROPPED
                        : mayBeRefused ? Fate.DELIVERED_OR_REFUSED : Fate.DELIVERED;
        log.entries.add(new SimLog.Entry(address, fate, nowMs, message.key(), message.value()));
    }

    private void pass(int ms) {
        nowMs += ms;
        owner.dispatcher.tick(nowMs);
        owner.dispatcher.work();
        // Zombies are paused most of the time.
        for (SimOwner zombie : zombies) {
            if (random.nextInt(4) == 0) {
                zombie.dispatcher.tick(nowMs);
                zombie.read();
            }
        }
    }

    private void commit() {
        owner.commit();
        checkWatermark();
    }

    /** Everything below the watermark is done with, or stored. */
    private void checkWatermark() {
        Mailboxes stored = new Mailboxes(log.committedStore());
        long watermark = stored.watermark().orElse(0);
        assertThat(watermark).isLessThanOrEqualTo(log.committedOffset());
        // Decided on after they were stored; the answers are on their way, and are stored, too.
        Set<Long> refused = new HashSet<>();
        stored.forEachRefusal((offset, _) -> refused.add(offset));
        for (long offset = 0; offset < watermark; offset++) {
            SimLog.Entry entry = log.entries.get((int) offset);
            if (entry.fate() != Fate.DELIVERED_OR_DROPPED
                    && !log.confirmed.contains(offset)
                    && !log.answered.contains(offset)
                    && !refused.contains(offset)) {
                assertThat(stored.of(Address.parse(entry.address())).contains(offset))
                        .as("message %d is below the watermark %d and nowhere", offset, watermark)
                        .isTrue();
            }
        }
    }

    private void connect() {
        SimGateway gateway = any(gateways);
        String address = any(ADDRESSES.subList(0, 4));
        SimGateway.Client client = gateway.connect(ids++, Address.parse(address), nowMs);
        client.gone = random.nextInt(6) == 0;
    }

    private void disconnect() {
        SimGateway gateway = any(gateways);
        if (!gateway.clients.isEmpty()) {
            gateway.disconnect(any(List.copyOf(gateway.clients.values())));
        }
    }

    private void readSome() {
        SimGateway gateway = any(gateways);
        if (!gateway.clients.isEmpty()) {
            SimGateway.Client client = any(List.copyOf(gateway.clients.values()));
            if (!client.gone) {
                read(gateway, client, 1 + random.nextInt(5));
            }
        }
    }

    private void read(SimGateway gateway, SimGateway.Client client, int count) {
        for (SimGateway.Written written : client.unread.stream().limit(count).toList()) {
            // A decision that was not committed when its owner died may be another one later.
            boolean isCertain = log.entries.get((int) written.offset()).fate() == Fate.DELIVERED;
            if (isCertain && !written.filtered() && !log.received.contains(written.offset())) {
                String address = client.info.address().toString();
                long before = lastFirstReceipt.getOrDefault(address, -1L);
                assertThat(written.offset())
                        .as("%s got %d after %d", address, written.offset(), before)
                        .isGreaterThan(before);
                lastFirstReceipt.put(address, written.offset());
            }
        }
        gateway.read(client, count);
    }

    private void carry() {
        if (!links.isEmpty()) {
            carry(any(links), 1 + random.nextInt(4));
        }
    }

    private void carry(SimLink link, int count) {
        for (int i = 0; i < count; i++) {
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

    private void answer(SimOwner answered) {
        Long twin = answered.lookUps.poll();
        if (twin != null) {
            if (random.nextInt(5) == 0) {
                answered.dispatcher.lookUpFailed(twin);
            } else {
                answered.dispatcher.lookedUp(
                        twin, twin == UNKNOWN ? Standing.UNKNOWN : Standing.OURS);
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

    /** Somebody reads the next claim. */
    private void hear() {
        if (random.nextBoolean()) {
            SimGateway gateway = any(gateways);
            if (gateway.canReadClaim()) {
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
            if (to != null && gateway.needsLink() && (to == owner || zombies.contains(to))) {
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
            breakLink(any(links));
        }
    }

    private void breakLink(SimLink link) {
        links.remove(link);
        link.owner.links.remove(link.id);
        link.gateway.closed(link);
        link.owner.dispatcher.linkClosed(link.id);
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

    private SimOwner open() {
        SimOwner opened =
                new SimOwner(log, nowMs, Set.copyOf(gateways.stream().map(g -> g.name).toList()));
        log.claims.add(opened);
        return opened;
    }

    private void zombieEnds() {
        if (!zombies.isEmpty()) {
            SimOwner zombie = any(zombies);
            zombies.remove(zombie);
            dropLinksOf(zombie);
        }
    }

    private void gatewayDies() {
        int dead = random.nextInt(gateways.size());
        SimGateway gateway = gateways.get(dead);
        for (SimLink link : List.copyOf(links)) {
            if (link.gateway == gateway) {
                breakLink(link);
            }
        }
        gateways.set(dead, new SimGateway(gateway.name, log));
    }

    private SimOwner anyOwner() {
        return zombies.isEmpty() || random.nextInt(4) > 0 ? owner : any(zombies);
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
