package dev.rmb.gateway.links;

import dev.rmb.cluster.link.GatewayMessage;
import dev.rmb.cluster.link.RouterMessage;
import dev.rmb.cluster.link.Whereabouts;
import dev.rmb.protocol.Address;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Questions to owners that wait for their answers, each for so long at most. An answer counts only
 * under the claim, and over the link, under which it was asked for, and while that is obeyed.
 * Thread-safe.
 */
final class Questions {
    /** Under way at once: above it nobody is asked, so that no link fills up with questions. */
    static final int MAX = 1024;

    private final PartitionPresence[] partitions;
    private final long timeoutMs;
    private final LinkMetrics metrics;
    private final AtomicLong ids = new AtomicLong();
    private final AtomicInteger open = new AtomicInteger();
    private final ConcurrentMap<Long, Waiting> waiting = new ConcurrentHashMap<>();

    private record Waiting(LinkScope scope, CompletableFuture<Whereabouts> answer) {}

    Questions(PartitionPresence[] partitions, long timeoutMs, LinkMetrics metrics) {
        this.partitions = partitions;
        this.timeoutMs = timeoutMs;
        this.metrics = metrics;
    }

    /** Never blocks and never fails; who cannot be asked, or does not answer, does not know. */
    CompletionStage<Whereabouts> ask(int partition, Address address) {
        LinkScope scope = partitions[partition].scope();
        if (scope == null || !scope.isWritable()) {
            return unanswered();
        }
        if (open.incrementAndGet() > MAX) {
            open.decrementAndGet();
            return unanswered();
        }
        metrics.questions.inc();
        long id = ids.incrementAndGet();
        var answer = new CompletableFuture<Whereabouts>();
        waiting.put(id, new Waiting(scope, answer));
        CompletionStage<Whereabouts> ended =
                answer.whenComplete((found, _) -> {
                    waiting.remove(id);
                    open.decrementAndGet();
                    if (found == Whereabouts.UNKNOWN) {
                        metrics.unanswered.inc();
                    }
                });
        scope.send(new GatewayMessage.Asked(partition, scope.epoch(), id, address));
        var _ = answer.completeOnTimeout(Whereabouts.UNKNOWN, timeoutMs, TimeUnit.MILLISECONDS);
        return ended;
    }

    /** On a thread of the link's transport. */
    void heard(OwnerLink from, RouterMessage.Answered answered) {
        Waiting asked = waiting.get(answered.question());
        if (asked == null || asked.scope().owner() != from) {
            return;
        }
        LinkScope scope = asked.scope();
        boolean counts =
                scope.epoch() == answered.epoch()
                        && scope.partition() == answered.partition()
                        && partitions[scope.partition()].scope() == scope;
        var _ = asked.answer().complete(counts ? answered.whereabouts() : Whereabouts.UNKNOWN);
    }

    /** The link has ended: what was asked over it is not answered any more. */
    void lost(OwnerLink link) {
        for (Map.Entry<Long, Waiting> each : waiting.entrySet()) {
            if (each.getValue().scope().owner() == link) {
                var _ = each.getValue().answer().complete(Whereabouts.UNKNOWN);
            }
        }
    }

    /** How many wait. */
    int open() {
        return open.get();
    }

    private CompletionStage<Whereabouts> unanswered() {
        metrics.unanswered.inc();
        return CompletableFuture.completedStage(Whereabouts.UNKNOWN);
    }
}
