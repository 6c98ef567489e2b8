package dev.rmb.router.stream;

import com.codahale.metrics.Counter;
import com.codahale.metrics.MetricRegistry;
import dev.rmb.router.dispatch.Counts;
import dev.rmb.router.dispatch.Dispatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/** What all partitions of a router did. The counters have one value for the process. */
final class RouterMetrics {
    final Counter partitions;
    final Counter threadsReplaced;
    private final List<Line> lines = new ArrayList<>();
    private final Counter sessions;
    private final Counter memory;
    private final Counter watermarkLag;

    private record Line(Counter counter, ToLongFunction<Counts> value) {}

    RouterMetrics(MetricRegistry registry) {
        partitions = registry.counter("rmb_router_partitions");
        threadsReplaced = registry.counter("rmb_router_stream_threads_replaced_total");
        sessions = registry.counter("rmb_router_sessions");
        memory = registry.counter("rmb_router_memory_bytes");
        watermarkLag = registry.counter("rmb_router_watermark_lag_offsets");
        line(registry, "records", Counts::records);
        line(registry, "records_repeated", Counts::repeated);
        line(registry, "records_unreadable", Counts::unreadable);
        line(registry, "records_parked", Counts::parked);
        line(registry, "delivered", Counts::delivered);
        line(registry, "acknowledged", Counts::acknowledged);
        line(registry, "stored", Counts::stored);
        line(registry, "drained", Counts::drained);
        line(registry, "mailbox_deleted", Counts::deleted);
        line(registry, "refused", Counts::refused);
        line(registry, "dropped", Counts::dropped);
        line(registry, "evicted", Counts::evicted);
        line(registry, "look_ups", Counts::lookUps);
        line(registry, "links_overrun", Counts::linksOverrun);
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

        Share(Dispatcher dispatcher) {
            this.dispatcher = dispatcher;
            partitions.inc();
        }

        void publish() {
            Counts counts = dispatcher.counts();
            for (int i = 0; i < published.length; i++) {
                Line line = lines.get(i);
                long value = line.value().applyAsLong(counts);
                if (value != published[i]) {
                    line.counter().inc(value - published[i]);
                    published[i] = value;
                }
            }
            gauges(dispatcher.sessions(), dispatcher.memoryBytes(), dispatcher.watermarkLag());
        }

        /** The partition has nothing any more. */
        void end() {
            publish();
            gauges(0, 0, 0);
            partitions.dec();
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
