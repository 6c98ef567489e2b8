package dev.rmb.standalone.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** The admin REST API of a running relay. */
final class AdminApi implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration ANSWER = Duration.ofSeconds(30);
    private static final int NOT_FOUND = 404;

    private final URI base;
    private final @Nullable String token;
    private final HttpClient http;

    /**
     * @param token {@code null}: the relay asks for none
     * @param http is this object's from now on
     */
    AdminApi(URI base, @Nullable String token, HttpClient http) {
        this.http = http;
        this.base = base;
        this.token = token;
    }

    /**
     * Calls the API and returns the answer's body; {@code null} if it has none.
     *
     * @param path below {@code /api/v1/}
     * @throws CommandException if nobody answers, or the answer is not a success
     */
    @Nullable JsonNode call(String method, String path, @Nullable JsonNode body) {
        HttpResponse<String> response = send(method, path, body);
        return answer(response);
    }

    /**
     * What is at a path; {@code null} if there is nothing.
     *
     * @param path below {@code /api/v1/}
     * @throws CommandException if nobody answers, or with something else
     */
    @Nullable JsonNode find(String path) {
        HttpResponse<String> response = send("GET", path, null);
        return response.statusCode() == NOT_FOUND ? null : answer(response);
    }

    private static @Nullable JsonNode answer(HttpResponse<String> response) {
        JsonNode answer = parse(response.body());
        if (response.statusCode() / 100 != 2) {
            throw new CommandException(
                    "the relay refused (%d): %s"
                            .formatted(response.statusCode(), reason(answer, response.body())));
        }
        return answer;
    }

    private HttpResponse<String> send(String method, String path, @Nullable JsonNode body) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(address(path))
                        .timeout(ANSWER)
                        .header("Accept", "application/json, application/problem+json")
                        .header("Content-Type", "application/json")
                        .method(
                                method,
                                body == null
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofString(body.toString()));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        try {
            return http.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new CommandException(complaint(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("interrupted", e);
        }
    }

    private URI address(String path) {
        String scheme = base.getScheme();
        if (base.getHost() == null || !("http".equals(scheme) || "https".equals(scheme))) {
            throw new CommandException(
                    "--admin %s is no address: it is http:// or https://, a host, and a port"
                            .formatted(base));
        }
        return base.resolve("/api/v1/" + path);
    }

    /** Why there was no answer, and what helps. */
    private String complaint(IOException failure) {
        if (failure instanceof SSLException) {
            String reason = String.valueOf(failure.getMessage());
            if (reason.contains("SSL message")) {
                return "what answers at %s speaks no TLS: use http:// there".formatted(base);
            }
            if (reason.contains("PKIX") || reason.contains("certification path")) {
                return "the certificate of %s is of no authority that is trusted here: name it with --trust FILE"
                        .formatted(base);
            }
            if (reason.contains("No name matching") || reason.contains("No subject alternative")) {
                return "the certificate of %s is not for this name: %s".formatted(base, reason);
            }
            return "no secure connection to %s: %s".formatted(base, reason);
        }
        if (failure instanceof ConnectException || failure instanceof HttpConnectTimeoutException) {
            return "no relay answers at "
                    + base
                    + ": start one with ./relay up, or name its admin address with --admin";
        }
        if (failure instanceof HttpTimeoutException) {
            return "the relay at %s did not answer within %d s; what was asked for may still be done"
                    .formatted(base, ANSWER.toSeconds());
        }
        return "what answers at %s speaks no HTTP%s: %s"
                .formatted(
                        base,
                        "http".equals(base.getScheme()) ? " (perhaps https:// is right)" : "",
                        failure.getMessage());
    }

    @Override
    public void close() {
        http.close();
    }

    private static @Nullable JsonNode parse(String body) {
        if (body.isBlank()) {
            return null;
        }
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    private static String reason(@Nullable JsonNode problem, String body) {
        if (problem != null && problem.hasNonNull("detail")) {
            return problem.get("detail").asText();
        }
        if (problem != null && problem.hasNonNull("title")) {
            return problem.get("title").asText();
        }
        return body.strip();
    }
}
