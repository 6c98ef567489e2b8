package dev.rmb.router.dispatch;

import dev.rmb.cluster.Origin;
import dev.rmb.cluster.trace.Fate;
import dev.rmb.protocol.Address;
import dev.rmb.router.mailbox.Refusal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Keeps what a dispatcher did, for a test to look at. */
public final class RecordingEffects implements Effects {
    record Delivery(long link, long epoch, long session, long number, long offset) {}

    record Eviction(long link, long epoch, long session) {}

    record Refused(long offset, Refusal refusal) {}

    record Seen(long link, long epoch, int taken, int left) {}

    /** Which records the deliveries are of, one for each. */
    final List<@Nullable Origin> origins = new ArrayList<>();

    final List<Seen> seen = new ArrayList<>();

    record Post(long ticket, Address to, List<String> relays, List<Long> offsets) {}

    /** Handed to federation and not answered yet. */
    final List<Post> posts = new ArrayList<>();

    final List<Long> lookUpsAnew = new ArrayList<>();
    final Set<String> fullRelays = new HashSet<>();

    /** Addresses that wait, by relay. */
    final Map<String, Integer> waiting = new HashMap<>();

    final List<Delivery> deliveries = new ArrayList<>();
    final List<Eviction> evictions = new ArrayList<>();
    final List<Long> lookUps = new ArrayList<>();
    final List<Refused> refusals = new ArrayList<>();
    final List<Long> closedLinks = new ArrayList<>();
    final Set<Long> fullLinks = new HashSet<>();

    @Override
    public void deliver(
            long link,
            long epoch,
            long sessionId,
            long number,
            long offset,
            byte[] envelope,
            @Nullable Origin origin) {
        deliveries.add(new Delivery(link, epoch, sessionId, number, offset));
        origins.add(origin);
    }

    @Override
    public void offersSeen(long link, long epoch, int taken, int left) {
        seen.add(new Seen(link, epoch, taken, left));
    }

    @Override
    public void ended(long offset, Fate fate, long subject) {}

    @Override
    public void evict(long link, long epoch, long sessionId) {
        evictions.add(new Eviction(link, epoch, sessionId));
    }

    @Override
    public boolean isWritable(long link) {
        return !fullLinks.contains(link);
    }

    @Override
    public void closeLink(long link) {
        closedLinks.add(link);
    }

    @Override
    public void lookUp(long twin) {
        lookUps.add(twin);
    }

    @Override
    public void lookUpAnew(long twin) {
        lookUpsAnew.add(twin);
    }

    @Override
    public boolean mayPost(List<String> relays) {
        return !fullRelays.containsAll(relays);
    }

    @Override
    public void post(long ticket, Address to, List<String> relays, List<Outgoing> messages) {
        posts.add(new Post(ticket, to, relays, messages.stream().map(Outgoing::offset).toList()));
    }

    /** Doubles from a second on, up to a minute. */
    @Override
    public long pauseMs(int failures) {
        return Math.min(1_000L << Math.min(failures - 1, 20), 60_000);
    }

    @Override
    public void waiting(List<String> relays, int more) {
        relays.forEach(relay -> waiting.merge(relay, more, Integer::sum));
    }

    @Override
    public void refuse(long offset, Refusal refusal) {
        refusals.add(new Refused(offset, refusal));
    }

    List<Long> offsetsTo(long session) {
        return deliveries.stream()
                .filter(d -> d.session() == session)
                .map(Delivery::offset)
                .toList();
    }

    List<Long> numbersTo(long link, long session) {
        return deliveries.stream()
                .filter(d -> d.session() == session && d.link() == link)
                .map(Delivery::number)
                .toList();
    }
}
