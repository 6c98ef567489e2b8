package dev.rmb.peer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.lettuce.core.KeyValue;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/** Programs that go on asking and serving at the Redis of nodes, and account for every call. */
final class TestTraffic implements AutoCloseable {
    private static final String COMMAND = "work";
    private static final String REPLIES = "answers";
    private static final long PACE_MS = 20;

    /** What is lost on the way is told of at its end. */
    private static final int LIFE_SECONDS = 60;

    private final List<RedisClient> clients = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final CountDownLatch asksNoMore = new CountDownLatch(1);
    private final AtomicInteger numbers = new AtomicInteger();
    private final Set<String> asked = ConcurrentHashMap.newKeySet();
    private final Map<String, Integer> served = new ConcurrentHashMap<>();
    private final Map<String, Integer> answered = new ConcurrentHashMap<>();
    private final Map<String, String> failed = new ConcurrentHashMap<>();
    private volatile boolean closed;

    private TestTraffic() {}

    /**
     * Begins.
     *
     * @param asking which nodes ask which twins; they serve, too
     * @param serving another node that serves
     */
    static TestTraffic start(Map<TestNode, List<Long>> asking, TestNode serving) {
        var traffic = new TestTraffic();
        asking.forEach((node, twins) -> {
            traffic.run("asks", node, redis -> traffic.ask(redis, twins));
            traffic.run("collects", node, traffic::collect);
            traffic.run("serves", node, traffic::serve);
        });
        traffic.run("serves", serving, traffic::serve);
        return traffic;
    }

    private interface Program {
        void run(RedisCommands<String, String> redis) throws Exception;
    }

    private void run(String name, TestNode node, Program program) {
        RedisClient client = RedisClient.create("redis://127.0.0.1:" + node.redisPort());
        clients.add(client);
        RedisCommands<String, String> redis = client.connect().sync();
        threads.add(
                Thread.ofPlatform()
                        .name("traffic-" + name)
                        .daemon()
                        .start(() -> {
                            try {
                                program.run(redis);
                            } catch (RedisException e) {
                                if (!closed) {
                                    throw e;
                                }
                            } catch (Exception e) {
                                throw new IllegalStateException(e);
                            }
                        }));
    }

    private void ask(RedisCommands<String, String> redis, List<Long> twins) throws Exception {
        int next = 0;
        while (!asksNoMore.await(PACE_MS, TimeUnit.MILLISECONDS)) {
            String reference = "call-" + numbers.incrementAndGet();
            asked.add(reference);
            redis.lpush(
                    "msgbus.system.local",
                    TestNode.request(COMMAND, reference, twins.get(next++ % twins.size()))
                            .put("ref", reference)
                            .put("exp", LIFE_SECONDS)
                            .toString());
        }
    }

    private void serve(RedisCommands<String, String> redis) throws Exception {
        while (!closed) {
            KeyValue<String, String> taken = redis.brpop(1.0, "msgbus." + COMMAND);
            if (taken != null) {
                JsonNode request = TestNode.JSON.readTree(taken.getValue());
                served.merge(TestNode.text(request), 1, Integer::sum);
                redis.lpush(
                        request.get("ret").textValue(),
                        TestNode.answerTo(request, TestNode.text(request)).toString());
            }
        }
    }

    private void collect(RedisCommands<String, String> redis) throws Exception {
        while (!closed) {
            KeyValue<String, String> taken = redis.brpop(1.0, REPLIES);
            if (taken != null) {
                JsonNode answer = TestNode.JSON.readTree(taken.getValue());
                String reference = answer.get("ref").textValue();
                if (answer.get("err").isNull()) {
                    assertThat(TestNode.text(answer)).isEqualTo(reference);
                    answered.merge(reference, 1, Integer::sum);
                } else {
                    failed.put(reference, answer.get("err").toString());
                }
            }
        }
    }

    /** Waits until so many more calls are answered. */
    void awaitAnswered(int more) {
        int before = answered.size();
        Awaitility.await()
                .atMost(Duration.ofSeconds(90))
                .until(() -> answered.size() >= before + more);
    }

    void stopAsking() {
        asksNoMore.countDown();
    }

    /** Waits until every call was answered or failed. */
    void awaitAllTold(Duration patience) {
        Awaitility.await()
                .atMost(patience)
                .untilAsserted(() -> {
                    Set<String> untold = new HashSet<>(asked);
                    untold.removeAll(answered.keySet());
                    untold.removeAll(failed.keySet());
                    assertThat(untold).isEmpty();
                });
        System.out.printf(
                "%d calls: %d answered, %d failed %s%n",
                asked.size(),
                answered.size(),
                failed.size(),
                failed.values().stream()
                        .collect(Collectors.groupingBy(text -> text, Collectors.counting())));
    }

    /** No service saw a request twice, and no program an answer. */
    void assertNothingRanTwice() {
        assertThat(served).allSatisfy((call, times) -> assertThat(times).as(call).isOne());
        assertThat(answered).allSatisfy((call, times) -> assertThat(times).as(call).isOne());
    }

    @Override
    public void close() {
        asksNoMore.countDown();
        closed = true;
        try {
            for (Thread thread : threads) {
                thread.join(Duration.ofSeconds(5));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        clients.forEach(client -> client.shutdown(Duration.ZERO, Duration.ofSeconds(1)));
    }
}
