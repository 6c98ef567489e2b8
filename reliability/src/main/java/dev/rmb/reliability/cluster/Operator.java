package dev.rmb.reliability.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Steers a cluster as its operators do: by the admin API of any of its pods. Not thread-safe. */
public final class Operator implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String token;
    private final HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();

    /**
     * @param token of a role that may do what is to be done
     */
    public Operator(String token) {
        this.token = token;
    }

    /**
     * The items of a list, all its pages.
     *
     * @param items what they are called in a page
     */
    public List<JsonNode> list(Node pod, String name, String items) throws InterruptedException {
        List<JsonNode> all = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page =
                    call(
                            pod,
                            "GET",
                            name
                                    + "?limit=1000&cursor="
                                    + URLEncoder.encode(cursor, StandardCharsets.UTF_8));
            if (page.has("missing")) {
                throw new OperatorException(name + " is not complete: " + page.get("missing"));
            }
            page.path(items).forEach(all::add);
            cursor = page.path("next").asText("");
        } while (!cursor.isEmpty());
        return all;
    }

    /** Has something done, and returns what is said of it. */
    public JsonNode post(Node pod, String path) throws InterruptedException {
        return call(pod, "POST", path);
    }

    private JsonNode call(Node pod, String method, String path) throws InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(pod.admin().resolve("/api/v1/" + path))
                        .timeout(PATIENCE)
                        .header("Authorization", "Bearer " + token)
                        .method(method, BodyPublishers.noBody())
                        .build();
        try {
            HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
            if (answer.statusCode() / 100 != 2) {
                throw new OperatorException(
                        "%s %s at %s: %d %s"
                                .formatted(
                                        method,
                                        path,
                                        pod.name(),
                                        answer.statusCode(),
                                        answer.body()));
            }
            return JSON.readTree(answer.body());
        } catch (IOException e) {
            throw new OperatorException(
                    "%s %s at %s: %s".formatted(method, path, pod.name(), e), e);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }

    /** A pod refused, or did not answer. */
    public static final class OperatorException extends RuntimeException {
        private static final long serialVersionUID = 1;

        OperatorException(String message) {
            super(message);
        }

        OperatorException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
