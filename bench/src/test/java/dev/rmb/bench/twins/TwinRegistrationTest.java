package dev.rmb.bench.twins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class TwinRegistrationTest {
    private final Map<Long, String> registry = new ConcurrentHashMap<>();
    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient http = HttpClient.newHttpClient();

    @SuppressWarnings("NullAway.Init")
    private HttpServer server;

    @SuppressWarnings("NullAway.Init")
    private TwinRegistration registration;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/api/v1/twins", this::serve);
        server.start();
        URI admin = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        registration = new TwinRegistration(http, admin, "relay.example.org", null);
    }

    @AfterEach
    void stop() {
        http.shutdownNow();
        server.stop(0);
    }

    /** The registry as contracts.md has it: a taken id is a conflict. */
    private void serve(HttpExchange exchange) throws IOException {
        if (exchange.getRequestMethod().equals("POST")) {
            String body =
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            long id = json.readTree(body).path("id").asLong();
            answer(exchange, registry.putIfAbsent(id, body) == null ? 201 : 409, body);
        } else {
            String path = exchange.getRequestURI().getPath();
            long id = Long.parseLong(path.substring(path.lastIndexOf('/') + 1));
            String body = registry.get(id);
            answer(exchange, body == null ? 404 : 200, body == null ? "{}" : body);
        }
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Test
    void registersWhatIsMissingAndTakesWhatIsThere() throws Exception {
        List<DemoTwin> twins = DemoTwin.several(900_001, 3);
        assertThat(registration.register(twins.subList(0, 2))).isEqualTo(2);

        assertThat(registration.register(twins)).isEqualTo(1);

        JsonNode record = json.readTree(registry.get(900_003L));
        assertThat(record.path("account").asText())
                .isEqualTo(DemoTwin.of(900_003).signer().account().toString());
        assertThat(record.path("relay").asText()).isEqualTo("relay.example.org");
    }

    @Test
    void aTwinOfSomebodyElseIsLeftAlone() {
        registry.put(900_001L, "{\"id\":900001,\"account\":\"0x00\"}");
        assertThatThrownBy(() -> registration.register(DemoTwin.several(900_001, 1)))
                .isInstanceOf(RegistrationException.class)
                .hasMessageContaining("--first-twin");
    }

    @Test
    void aRelayThatIsNotThereIsAnErrorForTheUser() {
        server.stop(0);
        assertThatThrownBy(() -> registration.register(DemoTwin.several(900_001, 1)))
                .isInstanceOf(RegistrationException.class)
                .hasMessageContaining("is the relay running?");
    }

    @Test
    void theFileHasOneRecordALine(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("twins.jsonl");
        TwinsFile.write(file, DemoTwin.several(5, 2), "localhost");

        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSize(2);
        assertThat(json.readTree(lines.get(1)).path("id").asLong()).isEqualTo(6);
    }

    @Test
    void aDemoTwinsKeyIsTheSameInEveryRun() {
        assertThat(DemoTwin.of(900_001).signer().account())
                .hasToString(DemoTwin.of(900_001).signer().account().toString())
                .isNotEqualTo(DemoTwin.of(900_002).signer().account());
    }
}
