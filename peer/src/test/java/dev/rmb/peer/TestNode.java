package dev.rmb.peer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rmb.peer.redis.RedisAddress;
import dev.rmb.peer.redis.RedisStore;
import dev.rmb.peer.upload.UploadSettings;
import dev.rmb.twins.TwinDirectory;
import io.lettuce.core.KeyValue;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A node with its Redis, its peer, and programs that use them. */
final class TestNode implements AutoCloseable {
    static final ObjectMapper JSON = new ObjectMapper();

    private final TestRedis redis;
    private final RedisStore store;
    private final RmbPeer peer;
    private final RedisClient client;
    private final RedisCommands<String, String> commands;

    private TestNode(
            TestRedis redis,
            TestTwin twin,
            List<URI> relays,
            TwinDirectory twins,
            @Nullable UploadSettings uploads)
            throws IOException {
        this.redis = redis;
        this.store = RedisStore.connect(new RedisAddress(redis.address()));
        this.peer =
                RmbPeer.start(
                        twin.identity(),
                        new RmbPeer.Settings(relays, uploads, "1.2.3"),
                        twins,
                        store);
        this.client = RedisClient.create(redis.address());
        this.commands = client.connect().sync();
    }

    static TestNode start(TestRedis.Kind kind, TestTwin twin, List<URI> relays, TwinDirectory twins)
            throws Exception {
        return new TestNode(kind.start(), twin, relays, twins, null);
    }

    static TestNode withUploads(
            TestTwin twin, URI relay, TwinDirectory twins, UploadSettings uploads)
            throws Exception {
        return new TestNode(TestRedis.Kind.EMBEDDED.start(), twin, List.of(relay), twins, uploads);
    }

    /** With a Redis that is the caller's to close, after this. */
    static TestNode on(TestRedis redis, TestTwin twin, List<URI> relays, TwinDirectory twins)
            throws IOException {
        return new TestNode(unowned(redis), twin, relays, twins, null);
    }

    private static TestRedis unowned(TestRedis redis) {
        return new TestRedis() {
            @Override
            public int port() {
                return redis.port();
            }

            @Override
            public void close() {}
        };
    }

    RedisCommands<String, String> redis() {
        return commands;
    }

    int redisPort() {
        return redis.port();
    }

    RmbPeer peer() {
        return peer;
    }

    static ObjectNode request(String command, String payload, long... destinations) {
        ObjectNode request =
                JSON.createObjectNode()
                        .put("ver", 1)
                        .put("ref", "my-ref")
                        .put("cmd", command)
                        .put("exp", 60)
                        .put("dat", base64(payload))
                        .put("ret", "answers")
                        .put("now", System.currentTimeMillis() / 1000);
        var twins = request.putArray("dst");
        for (long twin : destinations) {
            twins.add(twin);
        }
        return request;
    }

    void push(String list, JsonNode message) {
        commands.lpush(list, message.toString());
    }

    /** What comes onto a list next. */
    JsonNode next(String list) throws Exception {
        KeyValue<String, String> taken = commands.brpop(20, list);
        if (taken == null) {
            throw new AssertionError("nothing came onto " + list);
        }
        return JSON.readTree(taken.getValue());
    }

    @Nullable JsonNode nextWithin(String list, Duration time) throws Exception {
        KeyValue<String, String> taken = commands.brpop(time.toMillis() / 1000.0, list);
        return taken == null ? null : JSON.readTree(taken.getValue());
    }

    /** Serves one request as a program does. */
    JsonNode answerOne(String command, String payload) throws Exception {
        JsonNode request = next("msgbus." + command);
        push(request.get("ret").textValue(), answerTo(request, payload));
        return request;
    }

    static ObjectNode answerTo(JsonNode request, String payload) {
        return JSON.createObjectNode()
                .put("ver", 1)
                .put("ref", request.get("ref").textValue())
                .put("dat", base64(payload))
                .put("dst", request.get("src").textValue())
                .put("now", System.currentTimeMillis() / 1000);
    }

    static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    static String text(JsonNode message) {
        return new String(
                Base64.getDecoder().decode(message.get("dat").textValue()), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
        peer.close();
        store.close();
        redis.close();
    }
}
