package dev.rmb.router.stream;

import com.codahale.metrics.Counter;
import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import dev.rmb.router.dispatch.Counts;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToLongFunction;

/** What the tasks of this router do, summed up under the names that operators know. Thread-safe. */
public final class RouterMetrics {
    private final MetricRegistry registry;
    private final Set<TaskMetrics> open = ConcurrentHashMap.newKeySet();

    public RouterMetrics(MetricRegistry registry) {
        this.registry = registry;
        gauge("rmb_router_partitions", _ -> 1);
        gauge("rmb_router_sessions", TaskMetrics::sessions);
        gauge("rmb_router_memory_bytes", TaskMetrics::memoryBytes);
        gauge("rmb_router_watermark_lag", TaskMetrics::watermarkLag);
    }

    TaskMetrics opened(Counts counts) {
        TaskMetrics task = new TaskMetrics(this, counts);
        open.add(task);
        return task;
    }

    void closed(TaskMetrics task) {
        open.remove(task);
    }

    Counter counter(String name) {
        return registry.counter("rmb_router_" + name);
    }

    private void gauge(String name, ToLongFunction<TaskMetrics> of) {
        Gauge<Long> sum = () -> open.stream().mapToLong(of).sum();
        registry.register(name, sum);
    }
}
