package dev.rmb.server.admin;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rmb.server.access.Needs;
import dev.rmb.server.access.Role;
import dev.rmb.server.config.HostPort;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever cannot be answered is answered by a problem, letter for letter over a socket. */
final class ProblemsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static AdminServer server;

    /** Takes and gives JSON. */
    @Path("/api/v1/boxes/{id}")
    @Produces(MediaType.APPLICATION_JSON)
    @Consumes(MediaType.APPLICATION_JSON)
    @Needs(Role.VIEWER)
    public static final class Boxes {
        @GET
        public String see(@PathParam("id") String id, @QueryParam("n") int n) {
            return "{}";
        }

        @POST
        public @Nullable JsonNode fill(@Nullable JsonNode body) {
            return body instanceof ObjectNode ? body : null;
        }
    }

    @BeforeAll
    static void start() {
        server =
                AdminServer.trustingThisMachine(
                        AdminConfig.on(HostPort.parse("127.0.0.1:0")), new MetricRegistry());
        server.register(new Boxes());
        server.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private record Answer(int status, String head, String body) {}

    private static Answer ask(String request) throws Exception {
        try (var socket = new Socket(server.address().host(), server.address().port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            String text = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
            int end = text.indexOf("\r\n\r\n");
            return new Answer(
                    Integer.parseInt(text.substring(9, 12)),
                    text.substring(0, end),
                    text.substring(end + 4));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "404 | GET /nowhere | |",
                "404 | GET /api/v1/boxes | |",
                "404 | GET /api/v1/boxes/1?n=x | |",
                "405 | DELETE /api/v1/boxes/1 | |",
                "405 | FROB /api/v1/boxes/1 | |",
                "406 | GET /api/v1/boxes/1 | Accept: image/png |",
                "415 | POST /api/v1/boxes/1 | Content-Length: 2~Content-Type: text/plain | {}",
                "400 | POST /api/v1/boxes/1 | Content-Length: 2~Content-Type: nonsense | {}",
                "400 | POST /api/v1/boxes/1 | Content-Length: 1~Content-Type: application/json | {",
                "400 | POST /api/v1/boxes/1 | Content-Length: 2~Content-Type: application/json | \u00ff\u00fe",
                "400 | GET /%ZZ | |",
                "400 | GET /api/v1/boxes/%00 | |",
                "400 | GET /api/v1/boxes/..%2f..%2fetc | |",
                "400 | GET /api/v1/boxes/1 | Transfer-Encoding: nonsense |",
                "400 | GET /api/v1/boxes/1 | Content-Length: x |",
                "400 | GET /api/v1/boxes/1 | Content-Length: 1~Content-Length: 2 |",
                "413 | POST /api/v1/boxes/1 | Content-Length: 9000000~Content-Type: application/json | {",
                "421 | GET /api/v1/boxes/1 | Host: evil.example.org |",
            })
    void eachIsAProblemWithItsStatus(
            int status, String line, @Nullable String headers, @Nullable String body)
            throws Exception {
        String more = headers == null ? "" : headers.replace("~", "\r\n") + "\r\n";
        String host = more.startsWith("Host:") ? "" : "Host: 127.0.0.1\r\n";
        Answer answer =
                ask(
                        line
                                + " HTTP/1.1\r\n"
                                + host
                                + more
                                + "Connection: close\r\n\r\n"
                                + (body == null ? "" : body));

        assertThat(answer.status()).isEqualTo(status);
        assertProblem(answer);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "DELETE | /api/v1/boxes/1 | GET,HEAD,OPTIONS,POST",
                "PUT | /api/v1/boxes/1 | GET,HEAD,OPTIONS,POST",
                "PATCH | /api/v1/boxes/1 | GET,HEAD,OPTIONS,POST",
                "TRACE | /api/v1/boxes/1 | GET,HEAD,OPTIONS,POST",
                "FROB | /api/v1/boxes/1 | GET,HEAD,OPTIONS,POST",
                "get | /api/v1/boxes/1 | GET,HEAD,OPTIONS,POST",
                "POST | /health/live | GET,HEAD,OPTIONS",
                "TRACE | /health/ready | GET,HEAD,OPTIONS",
                "DELETE | /metrics | GET,HEAD,OPTIONS",
                "PUT | /openapi.json | GET,HEAD,OPTIONS",
            })
    void aMethodThatIsNotAllowedIsAnsweredWithThoseThatAre(String method, String path, String those)
            throws Exception {
        Answer answer = request(method + " " + path);

        assertThat(answer.status()).isEqualTo(405);
        assertProblem(answer);
        assertThat(allowed(answer)).containsExactlyInAnyOrder(those.split(","));
        assertThat(JSON.readTree(answer.body()).path("detail").asText())
                .contains("only")
                .contains("GET");
    }

    @Test
    void optionsTellsWhatIsAllowed() throws Exception {
        Answer answer = request("OPTIONS /api/v1/boxes/1");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(allowed(answer)).containsExactlyInAnyOrder("GET", "HEAD", "OPTIONS", "POST");
        assertThat(request("OPTIONS /nowhere").status()).isEqualTo(404);
    }

    @Test
    void headIsAnsweredLikeGetWithoutTheBody() throws Exception {
        for (String path : new String[] {"/api/v1/boxes/1", "/health/live", "/openapi.json"}) {
            Answer get = request("GET " + path);
            Answer head = request("HEAD " + path);

            assertThat(head.status()).isEqualTo(200);
            assertThat(head.body()).isEmpty();
            assertThat(header(head, "content-type")).isEqualTo(header(get, "content-type"));
            assertThat(header(head, "content-length")).isEqualTo(header(get, "content-length"));
        }
        Answer missing = request("HEAD /nowhere");
        assertThat(missing.status()).isEqualTo(404);
        assertThat(missing.body()).isEmpty();
    }

    /** Without a body. */
    private static Answer request(String line) throws Exception {
        return ask(line + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
    }

    private static List<String> allowed(Answer answer) {
        return Arrays.stream(header(answer, "allow").split(",")).map(String::strip).toList();
    }

    private static String header(Answer answer, String name) {
        return answer.head()
                .lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .collect(Collectors.joining(","));
    }

    private static void assertProblem(Answer answer) throws Exception {
        assertThat(answer.head().toLowerCase(Locale.ROOT))
                .contains("content-type: application/problem+json");
        String body = answer.body();
        JsonNode problem = JSON.readTree(body.substring(body.indexOf('{')));
        assertThat(problem.path("status").asInt()).isEqualTo(answer.status());
        assertThat(problem.path("type").asText()).isEqualTo("about:blank");
        assertThat(problem.path("title").asText()).isNotEmpty();
        assertThat(body).doesNotContain("Exception").doesNotContain("dev.rmb");
    }

    @Test
    void aBodyThatGrowsTooLargeOnTheWayIsRefused() throws Exception {
        var chunks = new StringBuilder();
        String chunk = "1".repeat(0x8000);
        chunks.append("1\r\n[\r\n");
        for (int i = 0; i < 40; i++) {
            chunks.append("8000\r\n").append(chunk).append("\r\n");
        }
        Answer answer =
                ask(
                        "POST /api/v1/boxes/1 HTTP/1.1\r\nHost: localhost\r\nConnection:"
                                + " close\r\nContent-Type: application/json\r\nTransfer-Encoding:"
                                + " chunked\r\n\r\n"
                                + chunks
                                + "0\r\n\r\n");

        assertThat(answer.status()).isEqualTo(413);
        assertProblem(answer);
    }

    @Test
    void aHeadThatIsTooLargeIsRefused() throws Exception {
        Answer answer =
                ask(
                        "GET /api/v1/boxes/1 HTTP/1.1\r\nHost: localhost\r\nX: "
                                + "x".repeat(20_000)
                                + "\r\n\r\n");

        assertThat(answer.status()).isEqualTo(431);
        assertProblem(answer);
    }

    @Test
    void jsonOfAnyDepthIsAnswered() throws Exception {
        String deep = "[".repeat(100_000);
        Answer answer =
                ask(
                        "POST /api/v1/boxes/1 HTTP/1.1\r\nHost: localhost\r\nConnection:"
                                + " close\r\nContent-Type: application/json\r\nContent-Length: "
                                + deep.length()
                                + "\r\n\r\n"
                                + deep);

        assertThat(answer.status()).isEqualTo(400);
        assertProblem(answer);
    }
}
