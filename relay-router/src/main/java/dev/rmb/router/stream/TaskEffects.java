package dev.rmb.router.stream;

import dev.rmb.cluster.Origin;
import dev.rmb.cluster.RecordHeader;
import dev.rmb.cluster.link.RouterMessage;
import dev.rmb.cluster.trace.Fate;
import dev.rmb.protocol.Address;
import dev.rmb.router.dispatch.Dispatcher;
import dev.rmb.router.dispatch.Effects;
import dev.rmb.router.dispatch.Now;
import dev.rmb.router.dispatch.Outgoing;
import dev.rmb.router.link.Inbox;
import dev.rmb.router.link.OpenLink;
import dev.rmb.router.mailbox.Refusal;
import dev.rmb.server.metrics.Sampling;
import dev.rmb.server.metrics.StageTimes;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
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

    private final FederationPort federation;

    private final Map<Long, OpenLink> links = new HashMap<>();

    private long wallMs;

    private final Sampling routes = new Sampling();
    private final Sampling totals = new Sampling();
    private long tick;

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
        this.federation = new FederationPort(surroundings.federation(), this::answer);
    }

    /** Time has passed. */
    void tick(Now now) {
        tick = now.monotonicMs();
        wallMs = now.wallMs();
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
    public void ended(long offset, Fate fate, long subject) {
        surroundings.outcomes().note(fate, wallMs, partition, 0, subject, offset);
    }

    @Override
    public void routed(long appendTimeMs) {
        if (routes.picks(tick)) {
            record(surroundings.metrics().route, appendTimeMs);
        }
    }

    @Override
    public void confirmed(byte[] header) {
        if (totals.picks(tick)) {
            record(surroundings.metrics().total, RecordHeader.decode(header).ingressMs());
        }
    }

    private void record(StageTimes stage, long beganMs) {
        stage.record(Duration.ofMillis(surroundings.clock().millis() - beganMs));
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

    /** The partition is closed. */
    void end() {
        federation.close();
    }

    @Override
    public void lookUp(long twin) {
        surroundings
                .lookUps()
                .ask(
                        twin,
                        found ->
                                answer(d ->
                                        found.ifPresentOrElse(
                                                standing -> d.lookedUp(twin, standing),
                                                () -> d.lookUpFailed(twin))));
    }

    @Override
    public void lookUpAnew(long twin) {
        surroundings
                .lookUps()
                .askAnew(
                        twin,
                        found ->
                                answer(d ->
                                        found.ifPresentOrElse(
                                                standing -> d.lookedUpAnew(twin, standing),
                                                () -> d.lookUpAnewFailed(twin))));
    }

    @Override
    public boolean mayPost(List<String> relays) {
        return federation.mayPost(relays);
    }

    @Override
    public void post(long ticket, Address to, List<String> relays, List<Outgoing> messages) {
        federation.post(ticket, to, relays, messages);
    }

    @Override
    public long pauseMs(int failures) {
        return federation.pauseMs(failures);
    }

    @Override
    public void waiting(List<String> relays, int more) {
        federation.waiting(relays, more);
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
