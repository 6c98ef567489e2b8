package dev.rmb.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/**
 * Processor time of an operation, without that of compiler and garbage collector, which have
 * threads of their own. Other than JMH's own figure it hardly grows while the machine does
 * something else.
 */
public final class CpuTimeProfiler implements InternalProfiler {
    static final String FIGURE = "cpu.time.norm";

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private long before;

    @Override
    public String getDescription() {
        return "Processor time per operation";
    }

    @Override
    public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
        before = spentByThreads();
    }

    @Override
    public List<Result<ScalarResult>> afterIteration(
            BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
        double spent = spentByThreads() - before;
        double each = spent / Math.max(1, result.getMetadata().getAllOps());
        return List.of(new ScalarResult(FIGURE, each, "ns/op", AggregationPolicy.AVG));
    }

    /** Of all threads of Java, of which one is at work. */
    private long spentByThreads() {
        long sum = 0;
        for (long id : threads.getAllThreadIds()) {
            sum += Math.max(0, threads.getThreadCpuTime(id));
        }
        return sum;
    }
}
