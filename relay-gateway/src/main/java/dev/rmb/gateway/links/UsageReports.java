package dev.rmb.gateway.links;

import dev.rmb.cluster.Partitioning;
import dev.rmb.cluster.link.GatewayMessage;
import dev.rmb.cluster.link.RouterMessage;
import dev.rmb.cluster.link.TwinUsage;
import dev.rmb.gateway.ratelimit.RateLimiter;
import java.util.ArrayList;
import java.util.List;

/**
 * Tells the owners of partitions what their twins have sent through this gateway, and hears from
 * them what went through others (contracts.md, "Rate limits"). Reports for a partition without an
 * owner are left out: the next one says all of its minute.
 */
final class UsageReports {
    /** contracts.md. */
    static final long EVERY_MS = 100;

    /** In one message: some tens of KiB. */
    private static final int PART = 1000;

    private final RateLimiter limiter;
    private final PartitionPresence[] partitions;

    UsageReports(RateLimiter limiter, PartitionPresence[] partitions) {
        this.limiter = limiter;
        this.partitions = partitions;
    }

    /** On the thread of the links. */
    void send() {
        if (!limiter.hasReports()) {
            return;
        }
        List<List<TwinUsage>> waiting = new ArrayList<>();
        for (int i = 0; i < partitions.length; i++) {
            waiting.add(new ArrayList<>(0));
        }
        var minuteOf = new long[1];
        limiter.report((minute, twin, messages, bytes) -> {
            minuteOf[0] = minute;
            int partition = Partitioning.partitionOf(twin, partitions.length);
            List<TwinUsage> part = waiting.get(partition);
            part.add(new TwinUsage(twin, messages, bytes));
            if (part.size() == PART) {
                send(partition, minute, part);
                part.clear();
            }
        });
        for (int partition = 0; partition < partitions.length; partition++) {
            List<TwinUsage> part = waiting.get(partition);
            if (!part.isEmpty()) {
                send(partition, minuteOf[0], part);
            }
        }
    }

    void heard(RouterMessage.UsedElsewhere used) {
        for (TwinUsage twin : used.twins()) {
            limiter.elsewhere(used.minute(), twin.twin(), twin.messages(), twin.bytes());
        }
    }

    private void send(int partition, long minute, List<TwinUsage> twins) {
        LinkScope scope = partitions[partition].scope();
        if (scope != null && scope.isWritable()) {
            scope.send(new GatewayMessage.Used(partition, scope.epoch(), minute, twins));
        }
    }
}
