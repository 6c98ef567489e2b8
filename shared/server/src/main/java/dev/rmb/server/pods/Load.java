package dev.rmb.server.pods;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.util.concurrent.TimeUnit;

/** How busy this process is, as Java knows it. */
final class Load {
    private static final double CENTS = 100.0;

    private Load() {}

    static void write(ObjectNode body) {
        body.put(
                "uptimeSeconds",
                TimeUnit.MILLISECONDS.toSeconds(ManagementFactory.getRuntimeMXBean().getUptime()));
        MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        body.put("heapUsedBytes", heap.getUsed());
        body.put("heapMaxBytes", heap.getMax());
        if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
            double load = system.getProcessCpuLoad();
            if (load >= 0) {
                // Of all processors that it may use, since this was last asked.
                body.put("cpu", Math.round(load * CENTS) / CENTS);
            }
        }
    }
}
