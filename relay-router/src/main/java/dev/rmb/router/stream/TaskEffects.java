package dev.rmb.router.stream;

import dev.rmb.cluster.Origin;
import dev.rmb.cluster.link.RouterMessage;
import dev.rmb.router.dispatch.Dispatcher;
import dev.rmb.router.dispatch.Effects;
import dev.rmb.router.link.Inbox;
import dev.rmb.router.link.OpenLink;
import dev.rmb.router.mailbox.Refusal;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Carries out what the dispatcher of one partition decides. For its stream thread alone. */
final class TaskEffects implements Effects {
    private final int partition;
    private final Surroundings surroundings;
    private final Inbox inbox;

    /** Gives answers to the dispatcher, which is made after its effects. */
    private final Consumer<Consumer<Dispatcher>> answers;

    private final Map<Long, OpenLink> links = new HashMap<>();

    /** Deliveries come in runs to the same gateway. */
    private @Nullable OpenLink last;

    TaskEffects(
            int partition,
            Surroundings surroundings,
            Inbox inbox,
            Consumer<Consumer<Dispatcher>> answers) {
        this.partition = partition;
        this.surroundings = surroundings;
        this.inbox = inbox;
        this.answers = answers;
    }

    void heardOf(OpenLink link) {
        links.putIfAbsent(link.id(), link);
    }

    void forget(OpenLink link) {
        links.remove(link.id());
        last = null;
    }

    @Override
    public void deliver(
            long link,
            long epoch,
            long sessionId,
            long number,
            long offset,
            byte[] envelope,
            @Nullable Origin origin) {
        OpenLink to = link(link);
        if (to != null) {
            to.send(
                    new RouterMessage.Deliver(
                            partition, epoch, sessionId, number, offset, envelope, origin));
        }
    }

    @Override
    public void offersSeen(long link, long epoch, int taken, int left) {
        OpenLink to = link(link);
        if (to != null) {
            to.send(new RouterMessage.OffersSeen(partition, epoch, taken, left));
        }
    }

    @Override
    public void evict(long link, long epoch, long sessionId) {
        OpenLink to = link(link);
        if (to != null) {
            to.send(new RouterMessage.Evict(partition, epoch, sessionId));
        }
    }

    @Override
    public boolean isWritable(long link) {
        OpenLink to = link(link);
        return to != null && to.isWritable();
    }

    @Override
    public void closeLink(long link) {
        OpenLink to = link(link);
        if (to != null) {
            to.close();
        }
    }

    @Override
    public void lookUp(long twin) {
        surroundings
                .lookUps()
                .ask(
                        twin,
                        standing ->
                                answer(d ->
                                        standing.ifPresentOrElse(
                                                s -> d.lookedUp(twin, s),
                                                () -> d.lookUpFailed(twin))));
    }

    @Override
    public void refuse(long offset, Refusal refusal) {
        surroundings.errors().send(refusal, accepted -> answer(d -> d.answered(offset, accepted)));
    }

    private void answer(Consumer<Dispatcher> answer) {
        inbox.signal(() -> answers.accept(answer));
    }

    private @Nullable OpenLink link(long id) {
        OpenLink known = last;
        if (known == null || known.id() != id) {
            known = links.get(id);
            last = known;
        }
        return known;
    }
}
