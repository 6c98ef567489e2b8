package dev.rmb.bench.peer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rmb.bench.load.LoadException;
import io.lettuce.core.KeyValue;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/** A program that calls and one that answers, each at the Redis of a peer. */
public final class PeerPair implements AutoCloseable {
    private static final String REQUESTS = "msgbus.system.local";
    private static final double WAIT_SECONDS = 1;
    private static final Duration STOP = Duration.ofSeconds(5);

    private final PeerPairSettings settings;
    private final String run = UUID.randomUUID().toString();
    private final String command = "bench." + run;
    private final String answers = "bench.answers." + run;
    private final ObjectMapper json = new ObjectMapper();
    private final RedisClient asking;
    private final RedisClient serving;
    private final Thread service;
    private final Thread collector;
    private final Map<String, Long> begun = new ConcurrentHashMap<>();
    private final Semaphore room;
    private final AtomicInteger failed = new AtomicInteger();
    private final AtomicInteger measured = new AtomicInteger();
    private volatile long[] micros = {};
    private volatile boolean stopped;

    /**
     * Connects to both.
     *
     * @throws LoadException if that does not work
     */
    public PeerPair(PeerPairSettings settings) {
        this.settings = settings;
        this.room = new Semaphore(settings.inFlight());
        asking = RedisClient.create(settings.askingRedis());
        serving = RedisClient.create(settings.servingRedis());
        try {
            RedisCommands<String, String> taking = serving.connect().sync();
            RedisAsyncCommands<String, String> answering = serving.connect().async();
            RedisCommands<String, String> collecting = asking.connect().sync();
            service = thread("service", () -> serve(taking, answering));
            collector = thread("collector", () -> collect(collecting));
        } catch (RedisException e) {
            close(asking);
            close(serving);
            throw new LoadException("a Redis cannot be used: " + e.getMessage());
        }
        service.start();
        collector.start();
    }

    private interface Step {
        void run() throws IOException;
    }

    private Thread thread(String name, Step step) {
        return Thread.ofPlatform()
                .name(name)
                .daemon()
                .unstarted(() -> {
                    try {
                        while (!stopped) {
                            step.run();
                        }
                    } catch (IOException | RedisException e) {
                        if (!stopped) {
                            throw new IllegalStateException(name + " failed", e);
                        }
                    }
                });
    }

    private void serve(
            RedisCommands<String, String> taking, RedisAsyncCommands<String, String> answering)
            throws IOException {
        KeyValue<String, String> taken = taking.brpop(WAIT_SECONDS, "msgbus." + command);
        if (taken == null) {
            return;
        }
        JsonNode request = json.readTree(taken.getValue());
        ObjectNode answer =
                json.createObjectNode()
                        .put("ver", 1)
                        .put("ref", request.get("ref").textValue())
                        .put("dat", request.get("dat").textValue())
                        .put("dst", request.get("src").textValue())
                        .put("now", System.currentTimeMillis() / 1000);
        var _ = answering.lpush(request.get("ret").textValue(), answer.toString());
    }

    private void collect(RedisCommands<String, String> collecting) throws IOException {
        KeyValue<String, String> taken = collecting.brpop(WAIT_SECONDS, answers);
        long now = System.nanoTime();
        if (taken == null) {
            return;
        }
        JsonNode answer = json.readTree(taken.getValue());
        Long since = begun.remove(answer.path("ref").asText());
        if (since == null) {
            return;
        }
        if (answer.path("err").isObject()) {
            failed.incrementAndGet();
        } else {
            int index = measured.getAndIncrement();
            if (index < micros.length) {
                micros[index] = TimeUnit.NANOSECONDS.toMicros(now - since);
            }
        }
        room.release();
    }

    /**
     * Warms up, and measures.
     *
     * @param progress is told after each call how many have begun
     */
    public PeerPairReport run(IntConsumer progress) throws InterruptedException {
        RedisCommands<String, String> commands = asking.connect().sync();
        var _ = calls(commands, settings.warmup(), begin -> {});
        return calls(commands, settings.calls(), progress);
    }

    private PeerPairReport calls(
            RedisCommands<String, String> commands, int count, IntConsumer progress)
            throws InterruptedException {
        failed.set(0);
        measured.set(0);
        micros = new long[count];
        String payload = Base64.getEncoder().encodeToString(new byte[settings.payloadBytes()]);
        long start = System.nanoTime();
        long patience = settings.ttlSeconds() + 5L;
        int lost = 0;
        for (int i = 0; i < count; i++) {
            if (!room.tryAcquire(patience, TimeUnit.SECONDS)) {
                lost += forget();
                room.acquire();
            }
            String reference = Integer.toString(i);
            ObjectNode request =
                    json.createObjectNode()
                            .put("ver", 1)
                            .put("ref", reference)
                            .put("cmd", command)
                            .put("exp", settings.ttlSeconds())
                            .put("dat", payload)
                            .put("ret", answers)
                            .put("now", System.currentTimeMillis() / 1000);
            request.putArray("dst").add(settings.servingTwin());
            begun.put(reference, System.nanoTime());
            commands.lpush(REQUESTS, request.toString());
            progress.accept(i + 1);
        }
        if (room.tryAcquire(settings.inFlight(), patience, TimeUnit.SECONDS)) {
            room.release(settings.inFlight());
        } else {
            lost += forget();
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        int answered = Math.min(count, measured.get());
        return PeerPairReport.of(failed.get(), lost, seconds, Arrays.copyOf(micros, answered));
    }

    private int forget() {
        int lost = 0;
        for (String reference : List.copyOf(begun.keySet())) {
            if (begun.remove(reference) != null) {
                room.release();
                lost++;
            }
        }
        return lost;
    }

    @Override
    public void close() {
        stopped = true;
        try {
            service.join(STOP);
            collector.join(STOP);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        close(asking);
        close(serving);
    }

    private static void close(RedisClient client) {
        client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
    }
}
