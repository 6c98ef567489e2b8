package dev.rmb.router.stream;

import com.codahale.metrics.Counter;
import com.codahale.metrics.MetricRegistry;
import dev.rmb.router.dispatch.Counts;
import dev.rmb.router.dispatch.Dispatcher;
import dev.rmb.router.dispatch.Reason;
import dev.rmb.router.mailbox.Mailbox;
import dev.rmb.server.metrics.StageTimes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToLongFunction;

/** What all partitions of a router did. The counters have one value for the process. */
final class RouterMetrics {
    final Counter partitions;
    final Counter threadsReplaced;

    /** From the log's having a message to its delivery to a link. */
    final StageTimes route;

    /** From a message's arrival at this cluster to its receiver's confirmation. */
    final StageTimes total;

    final ClockSkew skew = new ClockSkew();
    private final List<Line> lines = new ArrayList<>();
    private final Counter sessions;
    private final Counter memory;
    private final Counter watermarkLag;
    private final Counter mailMessages;
    private final Counter mailBytes;
    private final long lagAlarmMs;

    /** Of the open partitions; what cannot be added up is asked of each. */
    private final Set<Share> shares = ConcurrentHashMap.newKeySet();

    private record Line(Counter counter, ToLongFunction<Counts> value) {}

    RouterMetrics(MetricRegistry registry, long lagAlarmMs) {
        this.lagAlarmMs = lagAlarmMs;
        route = StageTimes.of(registry, "route");
        total = StageTimes.of(registry, "total");
        partitions = registry.counter("rmb_router_partitions");
        threadsReplaced = registry.counter("rmb_router_stream_threads_replaced_total");
        sessions = registry.counter("rmb_router_sessions");
        memory = registry.counter("rmb_router_memory_bytes");
        watermarkLag = registry.counter("rmb_router_watermark_lag_offsets");
        mailMessages = registry.counter("rmb_router_mailbox_messages");
        mailBytes = registry.counter("rmb_router_mailbox_bytes");
        registry.gauge("rmb_router_mailbox_oldest_seconds", () -> () -> max(s -> s.oldestMs));
        registry.gauge("rmb_router_log_lag_seconds", () -> () -> max(s -> s.lag.lagMs()));
        registry.gauge(
                "rmb_router_log_lag_alarms",
                () -> () -> shares.stream().filter(s -> s.lag.isAlarm()).count());
        registry.gauge("rmb_router_clock_skew_seconds", () -> () -> skew.aheadMs() / 1_000.0);
        line(registry, "records", Counts::records);
        line(registry, "messages", Counts::messages);
        Counter messages = registry.counter("rmb_router_messages_total");
        Counter stored = registry.counter("rmb_router_stored_total");
        registry.gauge("rmb_router_stored_ratio", () -> () -> ratio(stored, messages));
        line(registry, "records_repeated", Counts::repeated);
        line(registry, "records_unreadable", Counts::unreadable);
        line(registry, "records_parked", Counts::parked);
        line(registry, "delivered", Counts::delivered);
        line(registry, "acknowledged", Counts::acknowledged);
        line(registry, "stored", Counts::stored);
        line(registry, "drained", Counts::drained);
        line(registry, "mailbox_deleted", Counts::deleted);
        for (Reason reason : Reason.values()) {
            if (reason != Reason.EXPIRED) {
                lines.add(
                        new Line(
                                registry.counter(
                                        "rmb_router_refused_total{reason=\"%s\"}"
                                                .formatted(reason.label())),
                                counts -> counts.refused(reason)));
            }
        }
        line(registry, "expired", counts -> counts.refused(Reason.EXPIRED));
        line(registry, "refused_partition_full", Counts::partitionFull);
        line(registry, "dropped", Counts::dropped);
        line(registry, "evicted", Counts::evicted);
        line(registry, "look_ups", Counts::lookUps);
        line(registry, "links_overrun", Counts::linksOverrun);
        line(registry, "offers_taken", Counts::offersTaken);
        line(registry, "offers_left", Counts::offersLeft);
        line(registry, "offers_confirmed_first", Counts::offersConfirmedFirst);
        line(registry, "offer_gaps", Counts::offerGaps);
        line(registry, "federated", Counts::federated);
        line(registry, "federation_put_off", Counts::federationFailures);
    }

    private double max(ToLongFunction<Share> ms) {
        return shares.stream().mapToLong(ms).max().orElse(0) / 1_000.0;
    }

    /** Which part of all messages was ever written to a mailbox. */
    private static double ratio(Counter stored, Counter messages) {
        return messages.getCount() == 0 ? 0 : (double) stored.getCount() / messages.getCount();
    }

    private void line(MetricRegistry registry, String what, ToLongFunction<Counts> value) {
        lines.add(new Line(registry.counter("rmb_router_" + what + "_total"), value));
    }

    /** One partition's part in them. For its stream thread alone. */
    final class Share {
        private final Dispatcher dispatcher;
        private final long[] published = new long[lines.size()];
        private long publishedSessions;
        private long publishedMemory;
        private long publishedLag;
        private Mailbox.Depth publishedMail = new Mailbox.Depth(0, 0);
        private final LogLag lag;
        private volatile long oldestMs;

        Share(int partition, Dispatcher dispatcher) {
            this.dispatcher = dispatcher;
            this.lag = new LogLag(partition, lagAlarmMs);
            partitions.inc();
            shares.add(this);
        }

        /** How long the log had a record before it was read, at most, lately. */
        long lagMs() {
            return lag.lagMs();
        }

        void publish(long nowMs) {
            lines();
            lag.read(dispatcher.takeLagMs(), nowMs);
            oldestMs = dispatcher.oldestAgeMs();
            mail(dispatcher.stored());
            gauges(dispatcher.sessions(), dispatcher.memoryBytes(), dispatcher.watermarkLag());
        }

        private void lines() {
            Counts counts = dispatcher.counts();
            for (int i = 0; i < published.length; i++) {
                Line line = lines.get(i);
                long value = line.value().applyAsLong(counts);
                if (value != published[i]) {
                    line.counter().inc(value - published[i]);
                    published[i] = value;
                }
            }
        }

        /** The partition has nothing any more. */
        void end() {
            lines();
            mail(new Mailbox.Depth(0, 0));
            gauges(0, 0, 0);
            shares.remove(this);
            partitions.dec();
        }

        private void mail(Mailbox.Depth now) {
            mailMessages.inc(now.messages() - publishedMail.messages());
            mailBytes.inc(now.bytes() - publishedMail.bytes());
            publishedMail = now;
        }

        private void gauges(long nowSessions, long nowMemory, long nowLag) {
            sessions.inc(nowSessions - publishedSessions);
            memory.inc(nowMemory - publishedMemory);
            watermarkLag.inc(nowLag - publishedLag);
            publishedSessions = nowSessions;
            publishedMemory = nowMemory;
            publishedLag = nowLag;
        }
    }
}
