package dev.rmb.gateway.conformance;

import dev.rmb.server.config.HostPort;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Fetches as a stream of events, and confirms each by a request of its own. */
final class EventClient extends PostingClient {
    private final BufferedReader events;
    private volatile @Nullable String last;

    private EventClient(HostPort relay, String token) throws IOException {
        super(relay, token);
        try {
            HttpResponse<InputStream> answer =
                    http.send(
                            request("/envelopes").header("Accept", "text/event-stream").build(),
                            BodyHandlers.ofInputStream());
            this.events =
                    new BufferedReader(
                            new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        }
    }

    static EventClient connect(HostPort relay, String token) throws IOException {
        var client = new EventClient(relay, token);
        client.start();
        return client;
    }

    @Override
    void fetch() throws IOException {
        String line;
        boolean end = false;
        while ((line = events.readLine()) != null) {
            if (line.startsWith("id: ")) {
                last = line.substring(4);
            } else if (line.equals("event: end")) {
                end = true;
            } else if (line.startsWith("data: ") && end) {
                ended("end " + line.substring(6));
            } else if (line.startsWith("data: ")) {
                String id = last;
                came(Base64.getDecoder().decode(line.substring(6)));
                if (confirms && id != null) {
                    acknowledge(id);
                }
            }
        }
    }

    @Override
    @Nullable String lastId() {
        return last;
    }
}
