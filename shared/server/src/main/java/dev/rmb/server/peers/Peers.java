package dev.rmb.server.peers;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.rmb.cluster.members.Member;
import jakarta.ws.rs.core.HttpHeaders;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The other pods of the cluster, as this one asks them. Thread-safe; blocks its callers, which are
 * threads of the admin port, at most {@link #PATIENCE}.
 *
 * <p>Whoever is asked is told to answer for itself alone ({@code local=true}): no question travels
 * further than one step.
 */
public final class Peers implements AutoCloseable {
    /** How long all pods together may take to answer one question. */
    static final Duration PATIENCE = Duration.ofSeconds(3);

    private static final Duration CONNECT = Duration.ofSeconds(1);
    private static final Duration CLOSE = Duration.ofSeconds(1);

    /** Beyond a page of the largest items there are. */
    private static final long MAX_ANSWER_BYTES = 16L << 20;

    /** Between two lines about pods that do not answer. */
    static final Duration SILENCE = Duration.ofSeconds(30);

    private static final Logger log = LoggerFactory.getLogger(Peers.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String self;
    private final Supplier<List<Member>> alive;
    private final String scheme;
    private final ExecutorService threads;
    private final HttpClient http;
    private final LongSupplier nanos;
    private final AtomicLong toldAt;

    /**
     * @param self name of this pod, which is never asked
     * @param alive the pods that are alive now
     * @param tls whom to trust; empty where admin ports speak plain text
     */
    public Peers(String self, Supplier<List<Member>> alive, Optional<SSLContext> tls) {
        this(self, alive, tls, System::nanoTime);
    }

    /**
     * @param nanos of a clock that never goes back: when something was logged
     */
    Peers(String self, Supplier<List<Member>> alive, Optional<SSLContext> tls, LongSupplier nanos) {
        this.nanos = nanos;
        this.toldAt = new AtomicLong(nanos.getAsLong() - SILENCE.toNanos());
        this.self = self;
        this.alive = alive;
        this.scheme = tls.isPresent() ? "https" : "http";
        this.threads =
                Executors.newThreadPerTaskExecutor(
                        Thread.ofVirtual().name(self + "-peers-", 0).factory());
        HttpClient.Builder builder =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(CONNECT)
                        .executor(threads);
        tls.ifPresent(builder::sslContext);
        this.http = builder.build();
    }

    /** Name of this pod. */
    public String self() {
        return self;
    }

    /** All pods that are alive, this one included if Kafka has heard of it. */
    public List<Member> members() {
        return alive.get();
    }

    /** Asks all others with a role. */
    public PeerAnswers get(Caller caller, Member.Role role, String path) {
        return ask(caller, member -> member.roles().contains(role), "GET", path, null);
    }

    /** Asks all others. */
    public PeerAnswers get(Caller caller, String path) {
        return ask(caller, _ -> true, "GET", path, null);
    }

    /** Has all others with a role do something. */
    public PeerAnswers post(Caller caller, Member.Role role, String path, @Nullable JsonNode body) {
        return ask(caller, member -> member.roles().contains(role), "POST", path, body);
    }

    /** Has one other pod answer or do something; nobody is asked if it is not alive. */
    public PeerAnswers send(
            Caller caller, String pod, String method, String path, @Nullable JsonNode body) {
        return ask(caller, member -> member.pod().equals(pod), method, path, body);
    }

    /**
     * What another pod has to say, as it comes: for what is too much to be held.
     *
     * @return to be closed by the caller; nothing if there is no such pod
     * @throws IOException if it does not begin to answer in time
     */
    public Optional<HttpResponse<InputStream>> stream(Caller caller, String pod, String path)
            throws IOException {
        Optional<Member> member =
                alive.get().stream().filter(m -> m.pod().equals(pod) && isOther(m)).findFirst();
        if (member.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    http.send(
                            request(caller, member.get(), "GET", path, null),
                            BodyHandlers.ofInputStream()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
        threads.shutdownNow();
        try {
            var _ = threads.awaitTermination(CLOSE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isOther(Member member) {
        return !member.pod().equals(self);
    }

    private PeerAnswers ask(
            Caller caller,
            Predicate<Member> whom,
            String method,
            String path,
            @Nullable JsonNode body) {
        List<Member> asked = alive.get().stream().filter(m -> isOther(m) && whom.test(m)).toList();
        if (asked.isEmpty()) {
            return PeerAnswers.NONE;
        }
        Map<Member, CompletableFuture<HttpResponse<byte[]>>> pending = new HashMap<>();
        for (Member member : asked) {
            pending.put(member, ask(caller, member, method, path, body));
        }
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        List<PeerAnswers.Answer> given = new ArrayList<>();
        List<PeerAnswers.Missing> missing = new ArrayList<>();
        pending.forEach((member, answer) -> {
            try {
                HttpResponse<byte[]> response =
                        answer.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
                given.add(
                        new PeerAnswers.Answer(
                                member.pod(), response.statusCode(), parsed(response.body())));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                missing.add(new PeerAnswers.Missing(member.pod(), "not waited for"));
            } catch (TimeoutException e) {
                answer.cancel(true);
                missing.add(new PeerAnswers.Missing(member.pod(), "no answer in time"));
            } catch (ExecutionException e) {
                missing.add(new PeerAnswers.Missing(member.pod(), reason(e.getCause())));
            } catch (JsonProcessingException e) {
                missing.add(new PeerAnswers.Missing(member.pod(), "its answer is no JSON"));
            } catch (IOException e) {
                missing.add(new PeerAnswers.Missing(member.pod(), reason(e)));
            }
        });
        PeerAnswers answers = new PeerAnswers(given, missing);
        tellTrouble(method, path, answers);
        return answers;
    }

    /** One line, however often is asked: answers say each time who is missing in them. */
    private void tellTrouble(String method, String path, PeerAnswers answers) {
        List<PeerAnswers.Missing> without = answers.known().missing();
        if (without.isEmpty()) {
            return;
        }
        long now = nanos.getAsLong();
        long last = toldAt.get();
        if (now - last >= SILENCE.toNanos() && toldAt.compareAndSet(last, now)) {
            int end = path.indexOf('?');
            log.warn(
                    "The cluster's answer to {} {} is without {}; the next of such lines comes in"
                            + " {} s at the earliest",
                    method,
                    end < 0 ? path : path.substring(0, end),
                    without.stream()
                            .sorted(Comparator.comparing(PeerAnswers.Missing::pod))
                            .map(m -> m.pod() + " (" + m.reason() + ")")
                            .collect(Collectors.joining(", ")),
                    SILENCE.toSeconds());
        }
    }

    private CompletableFuture<HttpResponse<byte[]>> ask(
            Caller caller, Member member, String method, String path, @Nullable JsonNode body) {
        try {
            return http.sendAsync(
                    request(caller, member, method, path, body),
                    BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_ANSWER_BYTES));
        } catch (IllegalArgumentException e) {
            return CompletableFuture.failedFuture(
                    new IOException("its admin address cannot be used: " + member.adminEndpoint()));
        }
    }

    private HttpRequest request(
            Caller caller, Member member, String method, String path, @Nullable JsonNode body) {
        URI uri =
                URI.create(
                        scheme
                                + "://"
                                + member.adminEndpoint()
                                + path
                                + (path.indexOf('?') < 0 ? "?" : "&")
                                + "local=true");
        var request =
                HttpRequest.newBuilder(uri)
                        .timeout(PATIENCE)
                        .header("Accept", "application/json, application/problem+json, */*")
                        .method(
                                method,
                                body == null
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofString(body.toString()));
        if (!method.equals("GET")) {
            request.header("Content-Type", "application/json");
        }
        if (caller.authorization() != null) {
            request.header(HttpHeaders.AUTHORIZATION, caller.authorization());
        }
        return request.build();
    }

    private static JsonNode parsed(byte[] body) throws IOException {
        return body.length == 0 ? NullNode.getInstance() : JSON.readTree(body);
    }

    private static String reason(@Nullable Throwable failure) {
        String message = failure == null ? null : failure.getMessage();
        return message == null || message.isBlank() ? "it cannot be reached" : message;
    }
}
