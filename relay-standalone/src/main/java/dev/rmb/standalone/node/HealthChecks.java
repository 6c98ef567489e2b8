package dev.rmb.standalone.node;

import com.codahale.metrics.health.HealthCheck;
import com.codahale.metrics.health.HealthCheck.Result;
import dev.rmb.gateway.Gateway;
import dev.rmb.gateway.GatewayState;
import dev.rmb.kafka.TopicWatch;
import dev.rmb.router.Router;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Whether a pod is well, each with its reason. None of them waits for anything. */
final class HealthChecks {
    private static final int SHOWN = 10;

    private HealthChecks() {}

    static HealthCheck deadlock() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return check(() ->
                threads.findDeadlockedThreads() == null
                        ? Result.healthy()
                        : Result.unhealthy("threads wait for each other for ever"));
    }

    /**
     * @param isHeard whether Kafka took a heartbeat lately
     */
    static HealthCheck kafka(BooleanSupplier isHeard) {
        return check(() ->
                isHeard.getAsBoolean()
                        ? Result.healthy()
                        : Result.unhealthy("Kafka takes no heartbeat of this pod"));
    }

    static HealthCheck topics(TopicWatch watch) {
        return check(() ->
                watch.complaint()
                        .map(Result::unhealthy)
                        .or(() -> watch.remark().map(Result::healthy))
                        .orElseGet(Result::healthy));
    }

    static HealthCheck clients(Gateway gateway) {
        return check(() ->
                gateway.state() == GatewayState.SERVING
                        ? Result.healthy()
                        : Result.unhealthy("this gateway is draining"));
    }

    /**
     * A gateway without any router takes messages and delivers none. One that lacks some is no
     * worse than none at all.
     */
    static HealthCheck routers(Gateway gateway) {
        return check(() -> {
            List<Integer> unserved = gateway.unserved();
            if (unserved.isEmpty()) {
                return Result.healthy();
            }
            if (unserved.size() == gateway.partitions()) {
                return Result.unhealthy(
                        "this gateway reaches no router: messages are kept, and nobody gets any");
            }
            return Result.healthy(
                    "this gateway reaches no router for %d of %d partitions: %s",
                    unserved.size(), gateway.partitions(), shown(unserved));
        });
    }

    static HealthCheck router(Router router) {
        return check(() -> {
            if (router.hasEnded()) {
                return Result.unhealthy(
                        "this router has given its partitions up: its log says why");
            }
            if (!router.isRunning()) {
                return Result.unhealthy("partitions are being restored, or move");
            }
            return router.partitions().all().isEmpty()
                    ? Result.healthy("this router owns no partition: others have all of them")
                    : Result.healthy();
        });
    }

    private static String shown(List<Integer> partitions) {
        return partitions.stream()
                        .limit(SHOWN)
                        .map(String::valueOf)
                        .collect(Collectors.joining(", "))
                + (partitions.size() > SHOWN ? ", …" : "");
    }

    private static HealthCheck check(Supplier<Result> look) {
        return new HealthCheck() {
            @Override
            protected Result check() {
                return look.get();
            }
        };
    }
}
