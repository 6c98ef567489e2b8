package dev.rmb.router.stream;

import com.codahale.metrics.Counter;
import dev.rmb.router.dispatch.Counts;
import dev.rmb.router.dispatch.Dispatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/** Carries what one dispatcher counted over into the router's metrics. For its task's thread. */
final class TaskMetrics implements AutoCloseable {
    private final RouterMetrics router;
    private final Counts counts;
    private final List<Growth> growths = new ArrayList<>();
    private volatile long sessions;
    private volatile long memoryBytes;
    private volatile long watermarkLag;

    TaskMetrics(RouterMetrics router, Counts counts) {
        this.router = router;
        this.counts = counts;
        follow("records_total", Counts::records);
        follow("records_repeated_total", Counts::repeated);
        follow("records_unreadable_total", Counts::unreadable);
        follow("records_parked_total", Counts::parked);
        follow("delivered_total", Counts::delivered);
        follow("acknowledged_total", Counts::acknowledged);
        follow("mailbox_stored_total", Counts::stored);
        follow("mailbox_drained_total", Counts::drained);
        follow("mailbox_deleted_total", Counts::deleted);
        follow("refused_total", Counts::refused);
        follow("dropped_total", Counts::dropped);
        follow("evicted_total", Counts::evicted);
        follow("lookups_total", Counts::lookUps);
        follow("links_overrun_total", Counts::linksOverrun);
    }

    void update(Dispatcher dispatcher) {
        sessions = dispatcher.sessions();
        memoryBytes = dispatcher.memoryBytes();
        watermarkLag = dispatcher.watermarkLag();
        for (Growth growth : growths) {
            growth.update(counts);
        }
    }

    long sessions() {
        return sessions;
    }

    long memoryBytes() {
        return memoryBytes;
    }

    long watermarkLag() {
        return watermarkLag;
    }

    @Override
    public void close() {
        for (Growth growth : growths) {
            growth.update(counts);
        }
        router.closed(this);
    }

    private void follow(String name, ToLongFunction<Counts> of) {
        growths.add(new Growth(router.counter(name), of));
    }

    private static final class Growth {
        private final Counter counter;
        private final ToLongFunction<Counts> of;
        private long seen;

        Growth(Counter counter, ToLongFunction<Counts> of) {
            this.counter = counter;
            this.of = of;
        }

        void update(Counts counts) {
            long now = of.applyAsLong(counts);
            if (now != seen) {
                counter.inc(now - seen);
                seen = now;
            }
        }
    }
}
