package dev.rmb.router.dispatch;

import dev.rmb.cluster.Origin;
import dev.rmb.router.mailbox.Refusal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
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
