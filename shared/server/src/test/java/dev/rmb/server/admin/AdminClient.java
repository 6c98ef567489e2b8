package dev.rmb.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rmb.server.config.HostPort;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** Talks to an admin port as a program would. */
public final class AdminClient implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(PATIENCE)
                    .build();
    private final HostPort address;
    private final String token;

    public AdminClient(HostPort address) {
        this(address, "");
    }

    /**
     * @param token empty: none
     */
    public AdminClient(HostPort address, String token) {
        this.address = address;
        this.token = token;
    }

    /** An answer. */
    public record Answer(
            int status, String type, String location, List<String> allow, String text) {
        public JsonNode json() {
            try {
                return JSON.readTree(text);
            } catch (Exception e) {
                throw new AssertionError("no JSON: " + text, e);
            }
        }

        public String detail() {
            return json().path("detail").asText();
        }
    }

    public Answer get(String path) throws Exception {
        return send("GET", path, "", "");
    }

    /** Sends JSON; single quotes may stand for double ones. */
    public Answer send(String method, String path, String json) throws Exception {
        return send(method, path, "application/json", json.replace('\'', '"'));
    }

    public Answer send(String method, String path, String type, String body) throws Exception {
        var request =
                HttpRequest.newBuilder(URI.create("http://" + address + path))
                        .timeout(PATIENCE)
                        .method(
                                method,
                                body.isEmpty()
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofString(body));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        if (!type.isEmpty()) {
            request.header("Content-Type", type);
        }
        HttpResponse<String> response =
                http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        return new Answer(
                response.statusCode(),
                response.headers().firstValue("Content-Type").orElse(""),
                response.headers().firstValue("Location").orElse(""),
                response.headers().allValues("Allow").stream()
                        .flatMap(methods -> Arrays.stream(methods.split(",")))
                        .map(String::strip)
                        .toList(),
                response.body());
    }

    @Override
    public void close() {
        http.close();
    }
}
