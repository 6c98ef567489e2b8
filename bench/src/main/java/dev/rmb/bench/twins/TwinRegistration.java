package dev.rmb.bench.twins;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes sure that a relay's built-in registry knows the demo twins: creates them through its admin
 * port, and takes those that an earlier run created.
 */
public final class TwinRegistration {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int CREATED = 201;
    private static final int OK = 200;
    private static final int CONFLICT = 409;
    private static final String TWINS = "/api/v1/twins";

    private final HttpClient http;
    private final ObjectMapper json = new ObjectMapper();
    private final URI admin;
    private final @Nullable String domain;
    private final @Nullable String token;

    /**
     * For one relay.
     *
     * @param http makes the requests; stays the caller's
     * @param admin the relay's admin port
     * @param domain the relay text that the twins get; {@code null} for that relay's own
     * @param token of the role admin; {@code null} where the admin port asks for none
     */
    public TwinRegistration(
            HttpClient http, URI admin, @Nullable String domain, @Nullable String token) {
        this.http = http;
        this.admin = admin;
        this.domain = domain;
        this.token = token;
    }

    /**
     * Registers what is missing.
     *
     * @return how many were new
     * @throws RegistrationException if a twin could not be registered, or is somebody else's
     * @throws InterruptedException if the thread was interrupted
     */
    public int register(List<DemoTwin> twins) throws InterruptedException {
        int created = 0;
        for (DemoTwin twin : twins) {
            if (register(twin)) {
                created++;
            }
        }
        return created;
    }

    private boolean register(DemoTwin twin) throws InterruptedException {
        String record = TwinsFile.record(twin, domain).toString();
        HttpResponse<String> answer =
                exchange(
                        HttpRequest.newBuilder(admin.resolve(TWINS))
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofString(record)));
        return switch (answer.statusCode()) {
            case OK, CREATED -> true;
            case CONFLICT -> {
                checkOurs(twin);
                yield false;
            }
            default -> throw unexpected(twin, answer);
        };
    }

    private void checkOurs(DemoTwin twin) throws InterruptedException {
        HttpResponse<String> answer =
                exchange(HttpRequest.newBuilder(admin.resolve(TWINS + "/" + twin.id())).GET());
        if (answer.statusCode() != OK) {
            throw unexpected(twin, answer);
        }
        String account = twin.signer().account().toString();
        if (!account.equalsIgnoreCase(account(answer.body()))) {
            throw new RegistrationException(
                    "twin " + twin.id() + " is somebody else's; choose others with --first-twin");
        }
    }

    private String account(String body) {
        try {
            JsonNode record = json.readTree(body);
            return record.path("account").asText();
        } catch (IOException e) {
            throw new RegistrationException("the registry's answer is not JSON: " + body, e);
        }
    }

    private HttpResponse<String> exchange(HttpRequest.Builder request) throws InterruptedException {
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        try {
            return http.send(request.timeout(TIMEOUT).build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new RegistrationException(
                    "no answer from " + admin + " (" + e + "); is the relay running?", e);
        }
    }

    private static RegistrationException unexpected(DemoTwin twin, HttpResponse<String> answer) {
        return new RegistrationException(
                "registering twin %d: %d %s"
                        .formatted(twin.id(), answer.statusCode(), answer.body().strip()));
    }
}
