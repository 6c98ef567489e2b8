package dev.rmb.router.federation;

import com.codahale.metrics.Counter;
import com.codahale.metrics.MetricRegistry;
import dev.rmb.protocol.Address;
import dev.rmb.router.dispatch.Posted;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All other relays that are known of: their ranks, and how much each is given at once. Thread-safe.
 *
 * <p>A relay that has not answered yet, or did not lately, is given little, and all of its kind
 * together no more than half of everything: however many relays swallow what they are sent, those
 * that answer have room.
 */
final class Relays {
    private static final Logger log = LoggerFactory.getLogger(Relays.class);

    /** Messages at once for a relay that has not shown that it takes any. */
    private static final int UNPROVEN = 4;

    /** No relay holds more than this part of the bytes. */
    private static final int SHARE = 4;

    private static final String ALL = "*";

    /** Relays with failures are remembered for their ranks, as long as there are not more. */
    private static final int MAX_REMEMBERED = 10_000;

    private final FederationSettings settings;
    private final Timer timer;
    private final Clock clock;
    private final Map<String, Relay> relays = new ConcurrentHashMap<>();
    private final Set<RelayWatcher> watchers = new CopyOnWriteArraySet<>();
    private final AtomicInteger trains = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicInteger unprovenTrains = new AtomicInteger();
    private final AtomicLong unprovenBytes = new AtomicLong();
    private final AtomicLong waiting = new AtomicLong();
    private final Counter success;
    private final Counter error;
    private volatile boolean stopping;

    Relays(FederationSettings settings, Timer timer, Clock clock, MetricRegistry metrics) {
        this.settings = settings;
        this.timer = timer;
        this.clock = clock;
        this.success = metrics.counter("federation_message_success");
        this.error = metrics.counter("federation_message_error");
        metrics.gauge("rmb_router_federation_relays", () -> relays::size);
        metrics.gauge("rmb_router_federation_in_flight_addresses", () -> trains::get);
        metrics.gauge("rmb_router_federation_in_flight_bytes", () -> bytes::get);
        metrics.gauge("rmb_router_federation_waiting_addresses", () -> waiting::get);
    }

    /**
     * What a train takes of the room that there is. For the thread of federation, once it began.
     */
    final class Fare {
        private final long size;
        private final boolean isUnproven;
        private @Nullable Relay at;

        private Fare(long size, @Nullable Relay at) {
            this.size = size;
            this.at = at;
            this.isUnproven = at == null || !at.isProven();
            trains.incrementAndGet();
            bytes.addAndGet(size);
            if (isUnproven) {
                unprovenTrains.incrementAndGet();
                unprovenBytes.addAndGet(size);
            }
            if (at != null) {
                at.take(size, timer.nowMs());
            }
        }

        /** Returns {@code false} if that relay has no room. */
        boolean moveTo(Relay relay) {
            if (relay == at) {
                return true;
            }
            if (!hasRoom(relay)) {
                return false;
            }
            leave();
            at = relay;
            relay.take(size, timer.nowMs());
            return true;
        }

        void end() {
            leave();
            trains.decrementAndGet();
            bytes.addAndGet(-size);
            if (isUnproven) {
                unprovenTrains.decrementAndGet();
                unprovenBytes.addAndGet(-size);
            }
        }

        private void leave() {
            Relay left = at;
            at = null;
            if (left != null) {
                left.release(size);
            }
        }
    }

    /** Whether something more may go to one of them. */
    boolean hasRoom(List<String> domains) {
        if (stopping
                || trains.get() >= settings.inAll()
                || bytes.get() >= settings.inFlight().toBytes()) {
            return false;
        }
        for (String domain : domains) {
            Relay relay = relay(domain);
            if (hasRoom(relay) && (relay.isProven() || hasUnprovenRoom())) {
                return true;
            }
        }
        return false;
    }

    /** Takes room, whether or not there is some. */
    Fare fare(List<String> domains, Address to, long size) {
        for (Relay relay : ranked(domains, to)) {
            if (hasRoom(relay)) {
                return new Fare(size, relay);
            }
        }
        return new Fare(size, null);
    }

    /**
     * Fewest failures first. Equals are in random order, which is the same for an address each
     * time: what goes to it by two relays may arrive in another order than it was sent in.
     */
    List<Relay> ranked(List<String> domains, Address to) {
        if (domains.size() == 1) {
            return List.of(relay(domains.getFirst()));
        }
        long nowMs = timer.nowMs();
        record Ranked(Relay relay, int failures) {}
        List<Ranked> ranked = new ArrayList<>();
        for (String domain : domains) {
            Relay relay = relay(domain);
            ranked.add(new Ranked(relay, relay.failuresLately(nowMs)));
        }
        Collections.shuffle(ranked, new SplittableRandom(to.hashCode()));
        ranked.sort(Comparator.comparingInt(Ranked::failures));
        return ranked.stream().map(Ranked::relay).toList();
    }

    void answered(Relay relay) {
        if (relay.answered()) {
            log.info("Relay {} answers again", relay.domain);
            watchers.forEach(watcher -> watcher.isBack(relay.domain));
        }
    }

    void failed(Relay relay, String why) {
        log.debug("Relay {} did not take a message: {}", relay.domain, why);
        relay.failed(why, timer.nowMs(), clock.instant());
    }

    /** A message is done with, for now at least. */
    void count(Posted what) {
        switch (what) {
            case ACCEPTED -> success.inc();
            case OFFLINE, NOT_THERE, REFUSED, NO_USABLE_RELAY, FAILED -> error.inc();
            case NOT_TRIED -> {
                // It will be.
            }
        }
    }

    void waiting(List<String> domains, int more) {
        waiting.addAndGet(more);
        domains.forEach(domain -> relay(domain).waiting(more));
    }

    void watch(RelayWatcher watcher) {
        watchers.add(watcher);
    }

    void leave(RelayWatcher watcher) {
        watchers.remove(watcher);
    }

    boolean reset(String domain) {
        Relay relay = relays.get(domain);
        if (relay == null) {
            return false;
        }
        log.info("The failures of relay {} are forgotten", domain);
        relay.reset();
        watchers.forEach(watcher -> watcher.isReset(domain));
        return true;
    }

    List<RelayState> states() {
        long nowMs = timer.nowMs();
        Map<Relay, Integer> failures = new HashMap<>();
        relays.values().forEach(relay -> failures.put(relay, relay.failuresLately(nowMs)));
        List<Integer> ranks = failures.values().stream().distinct().sorted().toList();
        List<RelayState> states = new ArrayList<>();
        failures.forEach((relay, count) ->
                states.add(relay.state(Collections.binarySearch(ranks, count), nowMs)));
        states.sort(Comparator.comparingInt(RelayState::rank).thenComparing(RelayState::domain));
        return states;
    }

    /** Forgets relays that nobody has to do with. */
    void forgetIdle(long idleMs) {
        long nowMs = timer.nowMs();
        relays.values().removeIf(relay -> relay.isIdle(nowMs, idleMs));
        int tooMany = relays.size() - MAX_REMEMBERED;
        if (tooMany > 0) {
            record Unused(Relay relay, long usedMs) {}
            relays.values().stream()
                    .filter(Relay::isUnused)
                    .map(relay -> new Unused(relay, relay.usedMs()))
                    .sorted(Comparator.comparingLong(Unused::usedMs))
                    .limit(tooMany)
                    .forEach(unused -> relays.remove(unused.relay().domain, unused.relay()));
        }
    }

    /** From now on there is no room, and nothing more is tried. */
    void stop() {
        stopping = true;
    }

    boolean isStopping() {
        return stopping;
    }

    int trains() {
        return trains.get();
    }

    private boolean hasRoom(Relay relay) {
        return relay.hasRoom(
                settings.perRelay(),
                Math.min(UNPROVEN, settings.perRelay()),
                Math.max(1, settings.inFlight().toBytes() / SHARE));
    }

    private boolean hasUnprovenRoom() {
        return unprovenTrains.get() < Math.max(1, settings.inAll() / 2)
                && unprovenBytes.get() < Math.max(1, settings.inFlight().toBytes() / 2);
    }

    private Relay relay(String domain) {
        Relay known = relays.get(domain);
        return known != null ? known : relays.computeIfAbsent(domain, this::made);
    }

    private Relay made(String domain) {
        boolean isPlain =
                settings.plainHttp().contains(ALL) || settings.plainHttp().contains(domain);
        return new Relay(
                domain,
                Destination.of(domain, !isPlain, settings.allowPrivate()),
                settings.lookBack().toMillis(),
                timer.nowMs());
    }
}
