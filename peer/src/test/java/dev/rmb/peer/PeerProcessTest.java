package dev.rmb.peer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rmb.protocol.identity.KeyType;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./rmb-peer} as its users have it: processes, a real relay, and a Redis for each. */
final class PeerProcessTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir Path directory;

    private static String seed(long id) {
        return "0x%064x".formatted(0xABCDEFL * 1_000 + id);
    }

    private static void register(HttpClient http, String admin, TestTwin twin) throws Exception {
        String record =
                JSON.createObjectNode()
                        .put("id", twin.id())
                        .put("account", twin.keys().account().toString())
                        .put("pk", "0x" + HexFormat.of().formatHex(twin.encryption().publicKey()))
                        .toString();
        HttpResponse<String> answer =
                http.send(
                        HttpRequest.newBuilder(URI.create(admin + "/api/v1/twins"))
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(record))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    }

    private JavaProcess peer(long id, String type, String ws) throws Exception {
        return JavaProcess.peer(
                directory.resolve("peer-" + id + ".log"),
                Map.of("RMB_MNEMONIC", seed(id)),
                "-k",
                type,
                "--registry",
                ws.replaceFirst("^ws", "http"),
                "--relay",
                ws,
                "-r",
                "embedded:0");
    }

    @Test
    void twoPeersOfARelayWithItsOwnRegistryServeEachOther() throws Exception {
        try (JavaProcess relay =
                        JavaProcess.relay(
                                directory.resolve("relay.log"), directory.resolve("data"));
                HttpClient http = HttpClient.newHttpClient()) {
            register(http, relay.announced("admin"), TestTwin.of(1, KeyType.SR25519));
            register(http, relay.announced("admin"), TestTwin.of(2, KeyType.ED25519));
            String ws = relay.announced("ws");
            try (JavaProcess one = peer(1, "sr25519", ws);
                    JavaProcess two = peer(2, "ed25519", ws);
                    RedisClient asking = RedisClient.create(one.announced("redis"));
                    RedisClient serving = RedisClient.create(two.announced("redis"))) {
                assertThat(one.announced("twin")).isEqualTo("1");
                RedisCommands<String, String> caller = asking.connect().sync();
                RedisCommands<String, String> service = serving.connect().sync();

                caller.lpush(
                        "msgbus.system.local",
                        TestNode.request("calculator.add", "[1,2]", 2).toString());
                JsonNode request =
                        JSON.readTree(service.brpop(20, "msgbus.calculator.add").getValue());
                service.lpush(
                        request.get("ret").textValue(), TestNode.answerTo(request, "3").toString());
                JsonNode answer = JSON.readTree(caller.brpop(20, "answers").getValue());

                assertThat(TestNode.text(request)).isEqualTo("[1,2]");
                assertThat(TestNode.text(answer)).isEqualTo("3");

                caller.lpush(
                        "msgbus.system.local", TestNode.request("rmb.version", "", 2).toString());
                answer = JSON.readTree(caller.brpop(20, "answers").getValue());
                assertThat(TestNode.text(answer)).startsWith("\"").endsWith("\"");

                assertThat(one.terminate()).as(one.log()).isIn(0, 143);
                assertThat(one.log()).doesNotContain("ERROR").doesNotContain("Exception");
            }
        }
    }

    private String failure(int code, String... arguments) throws Exception {
        Path log = directory.resolve("failing.log");
        try (JavaProcess failing =
                JavaProcess.unready(log, Map.of("RMB_MNEMONIC", ""), arguments)) {
            assertThat(failing.awaitEnd()).isEqualTo(code);
            return failing.log();
        }
    }

    @Test
    void mistakesAreToldInASentence() throws Exception {
        assertThat(failure(1)).contains("rmb-peer: no secret");
        assertThat(failure(1, "-m", "not a mnemonic")).contains("the secret");
        assertThat(failure(2, "--nonsense")).contains("--nonsense");
        assertThat(failure(1, "-m", seed(1), "--relay", "http://x"))
                .contains("http://x is no relay");
        assertThat(
                        failure(
                                1, "-m", seed(1), "--relay", "ws://a", "--relay", "ws://b",
                                "--relay", "ws://c", "--relay", "ws://d", "--relay", "ws://e"))
                .contains("should not exceed 4");
    }
}
