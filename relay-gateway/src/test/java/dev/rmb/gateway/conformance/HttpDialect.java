package dev.rmb.gateway.conformance;

import dev.rmb.server.config.HostPort;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** HTTP requests: docs/transports.md. Fetches by long polls, or as a stream of events. */
final class HttpDialect implements Dialect {
    private final boolean events;

    /**
     * @param events whether it fetches as a stream of events
     */
    HttpDialect(boolean events) {
        this.events = events;
    }

    @Override
    public boolean isServed(RelayUnderTest relay) {
        return true;
    }

    @Override
    public Client connect(RelayUnderTest relay, String token) throws IOException {
        return events
                ? EventClient.connect(relay.http(), token)
                : PollClient.connect(relay.http(), token);
    }

    @Override
    public Refusal refused(RelayUnderTest relay, @Nullable String token) throws IOException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri(relay.http(), "/envelopes"))
                        .timeout(Duration.ofSeconds(10));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
            return new Refusal(answer.statusCode(), answer.body());
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        }
    }

    static URI uri(HostPort at, String target) {
        return URI.create("http://" + at + target);
    }

    @Override
    public boolean hasStatus() {
        return true;
    }

    @Override
    public String replaced() {
        return events ? "end replaced by a newer connection" : "409 replaced by a newer connection";
    }

    @Override
    public String notAnEnvelope() {
        return "400 not an envelope";
    }

    @Override
    public String tooBig() {
        return "413 body too big";
    }
}
