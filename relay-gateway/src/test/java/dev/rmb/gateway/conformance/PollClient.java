package dev.rmb.gateway.conformance;

import dev.rmb.server.config.HostPort;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Fetches by long polls, each of which confirms what the one before brought. */
final class PollClient extends PostingClient {
    private volatile @Nullable String last;

    private PollClient(HostPort relay, String token) {
        super(relay, token);
    }

    static PollClient connect(HostPort relay, String token) throws IOException {
        var client = new PollClient(relay, token);
        try {
            client.poll("/envelopes?wait=0");
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        }
        client.start();
        return client;
    }

    @Override
    void fetch() throws IOException, InterruptedException {
        boolean on = true;
        while (on && confirms) {
            on = poll("/envelopes?wait=20&after=" + last);
        }
    }

    private boolean poll(String target) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer =
                http.send(request(target).build(), BodyHandlers.ofByteArray());
        if (answer.statusCode() >= 300) {
            ended(answer.statusCode() + " " + new String(answer.body(), StandardCharsets.UTF_8));
            return false;
        }
        last = answer.headers().firstValue("RMB-Last-Id").orElseThrow();
        ByteBuffer body = ByteBuffer.wrap(answer.body());
        while (body.hasRemaining()) {
            byte[] envelope = new byte[body.getInt()];
            body.get(envelope);
            came(envelope);
        }
        return true;
    }

    @Override
    @Nullable String lastId() {
        return last;
    }
}
