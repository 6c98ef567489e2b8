package dev.rmb.gateway.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rmb.proto.Envelope;
import dev.rmb.server.config.HostPort;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What both ways of fetching have in common; a thread of its own fetches. */
abstract class PostingClient implements Client {
    static final Duration PATIENCE = Duration.ofSeconds(10);

    final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    final HostPort relay;
    final String token;
    volatile boolean confirms = true;
    private final BlockingQueue<byte[]> received = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> endings = new LinkedBlockingQueue<>();
    private final Thread fetcher =
            Thread.ofPlatform().name("fetcher").daemon().unstarted(this::fetchAll);

    PostingClient(HostPort relay, String token) {
        this.relay = relay;
        this.token = token;
    }

    /** Fetches until the session ends; calls {@link #came} and {@link #ended}. */
    abstract void fetch() throws IOException, InterruptedException;

    /** What was taken last is confirmed. */
    abstract @Nullable String lastId();

    void start() {
        fetcher.start();
    }

    void came(byte[] envelope) {
        received.add(envelope);
    }

    void ended(String how) {
        endings.add(how);
    }

    HttpRequest.Builder request(String target) {
        return HttpRequest.newBuilder(HttpDialect.uri(relay, target))
                .header("Authorization", "Bearer " + token)
                .timeout(Duration.ofSeconds(30));
    }

    int acknowledge(String id) throws IOException {
        return send(request("/envelopes/ack?after=" + id).POST(BodyPublishers.noBody()).build())
                .statusCode();
    }

    HttpResponse<byte[]> send(HttpRequest request) throws IOException {
        try {
            return http.send(request, BodyHandlers.ofByteArray());
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        }
    }

    private void fetchAll() {
        try {
            fetch();
        } catch (IOException e) {
            ended("broken: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private HttpResponse<byte[]> post(byte[] envelope) throws IOException {
        HttpResponse<byte[]> answer =
                send(
                        request("/envelopes")
                                .header("Content-Type", "application/octet-stream")
                                .POST(BodyPublishers.ofByteArray(envelope))
                                .build());
        if (answer.statusCode() == 200) {
            came(answer.body());
        }
        return answer;
    }

    private static String text(HttpResponse<byte[]> answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    @Override
    public void send(byte[] envelope) throws IOException {
        HttpResponse<byte[]> answer = post(envelope);
        if (answer.statusCode() >= 300) {
            ended(answer.statusCode() + " " + text(answer));
        }
    }

    @Override
    public byte[] next() throws IOException {
        return take(received);
    }

    @Override
    public void confirm() throws IOException {
        String last = lastId();
        if (last != null) {
            assertThat(acknowledge(last)).isEqualTo(204);
        }
    }

    @Override
    public void confirmNothing() {
        confirms = false;
    }

    /** A request that waits is a sign of life. */
    @Override
    public void fallSilent() {
        close();
    }

    @Override
    public String refusalOf(Envelope request) throws IOException {
        HttpResponse<byte[]> answer = post(request.toByteArray());
        assertThat(answer.statusCode()).isBetween(400, 499);
        return text(answer);
    }

    @Override
    public Optional<String> ping() {
        return Optional.empty();
    }

    @Override
    public String ending() throws IOException {
        return take(endings);
    }

    @Override
    public void sendTooMuch() throws IOException {
        HttpResponse<byte[]> answer =
                send(
                        request("/envelopes")
                                .header("Content-Type", "application/octet-stream")
                                .expectContinue(true)
                                .POST(BodyPublishers.ofByteArray(new byte[(16 << 20) + 1]))
                                .build());
        ended(answer.statusCode() + " " + text(answer));
    }

    @Override
    public void close() {
        fetcher.interrupt();
        http.shutdownNow();
    }

    private static <T> T take(BlockingQueue<T> queue) throws IOException {
        try {
            T next = queue.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            if (next == null) {
                throw new IOException("nothing came");
            }
            return next;
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        }
    }
}
