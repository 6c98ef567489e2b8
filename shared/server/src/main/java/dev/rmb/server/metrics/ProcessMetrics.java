package dev.rmb.server.metrics;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import com.sun.management.OperatingSystemMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.util.concurrent.TimeUnit;

/** What the process as a whole uses, under the names that Prometheus's own clients have. */
public final class ProcessMetrics {
    private static final double MILLIS = TimeUnit.SECONDS.toMillis(1);
    private static final double NANOS = TimeUnit.SECONDS.toNanos(1);

    private ProcessMetrics() {}

    public static void register(MetricRegistry metrics) {
        var process = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        gauge(metrics, "process_cpu_seconds_total", () -> process.getProcessCpuTime() / NANOS);
        gauge(
                metrics,
                "process_start_time_seconds",
                () -> ManagementFactory.getRuntimeMXBean().getStartTime() / MILLIS);
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        gauge(
                metrics,
                "jvm_memory_used_bytes{area=\"heap\"}",
                () -> memory.getHeapMemoryUsage().getUsed());
        gauge(
                metrics,
                "jvm_memory_used_bytes{area=\"nonheap\"}",
                () -> memory.getNonHeapMemoryUsage().getUsed());
        gauge(
                metrics,
                "jvm_memory_max_bytes{area=\"heap\"}",
                () -> memory.getHeapMemoryUsage().getMax());
        gauge(
                metrics,
                "jvm_gc_seconds_total",
                () ->
                        ManagementFactory.getGarbageCollectorMXBeans().stream()
                                        .mapToLong(GarbageCollectorMXBean::getCollectionTime)
                                        .sum()
                                / MILLIS);
        gauge(metrics, "jvm_threads", () -> ManagementFactory.getThreadMXBean().getThreadCount());
    }

    private static void gauge(MetricRegistry metrics, String name, Gauge<Number> gauge) {
        var _ = metrics.gauge(name, () -> gauge);
    }
}
