package dev.rmb.reliability.cluster;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * What all router processes of a run counted, those that were killed included: each is asked every
 * second, so a killed one's last second is missing. Thread-safe.
 */
public final class RouterCounters implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final long EVERY_MS = 1_000;

    private final Supplier<List<Node>> routers;
    private final HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    private final Map<Long, Map<String, Double>> byProcess = new ConcurrentHashMap<>();
    private final CountDownLatch end = new CountDownLatch(1);
    private final Thread thread;

    /**
     * Starts to ask.
     *
     * @param routers those that are there now; asked on another thread
     */
    public RouterCounters(Supplier<List<Node>> routers) {
        this.routers = routers;
        this.thread = Thread.ofPlatform().name("router-counters").daemon().start(this::run);
    }

    private void run() {
        try {
            do {
                ask();
            } while (!end.await(EVERY_MS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            // Closed.
        }
    }

    /** Asks all routers that serve. */
    public void ask() {
        for (Node router : routers.get()) {
            if (router.process().isReady() && router.process().isAlive()) {
                ask(router.process().pid(), router.admin());
            }
        }
    }

    private void ask(long pid, URI admin) {
        try {
            HttpResponse<String> answer =
                    http.send(
                            HttpRequest.newBuilder(admin.resolve("/metrics"))
                                    .timeout(PATIENCE)
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            Map<String, Double> values = new HashMap<>();
            answer.body().lines().forEach(line -> read(line, values));
            byProcess.put(pid, values);
        } catch (IOException e) {
            // Killed or paused: what it said before counts.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void read(String line, Map<String, Double> values) {
        int space = line.lastIndexOf(' ');
        if (line.startsWith("rmb_router_") && space > 0) {
            values.put(line.substring(0, space), Double.valueOf(line.substring(space + 1)));
        }
    }

    /** The sum over all processes. */
    public double sum(String name) {
        return byProcess.values().stream()
                .mapToDouble(values -> values.getOrDefault(name, 0.0))
                .sum();
    }

    @Override
    public void close() {
        end.countDown();
        thread.interrupt();
        http.shutdownNow();
    }
}
