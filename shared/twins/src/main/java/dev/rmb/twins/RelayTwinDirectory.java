package dev.rmb.twins;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.rmb.protocol.identity.AccountId;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The twins of a relay that has its own registry, looked up on its public port: for clients without
 * a chain. An answer is kept for a while, and for longer if the relay cannot be asked. Whoever uses
 * it believes the relay who is who.
 *
 * <p>A look-up that is not answered from memory ends within 5 s for each relay, on a thread of the
 * HTTP client.
 */
public final class RelayTwinDirectory implements TwinDirectory {
    /** For one answer of one relay, to its last byte. */
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    /** What is older is asked for again. */
    private static final Duration FRESH = Duration.ofMinutes(1);

    /** What is older is not believed, even if no relay can be asked. */
    private static final Duration STALE = Duration.ofHours(1);

    /** While no relay can be asked, how long what is known is given at once. */
    private static final Duration PAUSE = Duration.ofSeconds(5);

    /** Several times what a twin takes: its relays are the longest of it, at most 1 KiB. */
    private static final int MAX_ANSWER_BYTES = 16 * 1024;

    private static final Set<String> SCHEMES = Set.of("http", "https");
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int TOO_MANY = 429;
    private static final int SERVER_ERRORS = 500;

    private final List<URI> relays;
    private final HttpClient http;
    private final Duration timeout;
    private final Ticker ticker;
    private final Cache<Question, Answer> answers;
    private final Coalesced<Question, Answer> asking;
    private volatile int preferred;

    /**
     * @param twin empty where there is none
     * @param at when it was given, of the ticker
     * @param until when it is asked for again, of the ticker
     */
    private record Answer(Optional<Twin> twin, long at, long until) {}

    /**
     * @param relays their public addresses, {@code https://host} or {@code wss://host}. They have
     *     one registry: the relay that answered last is asked, and the others if it does not
     * @param http to ask with; stays the caller's
     * @param size answers kept at most
     */
    public RelayTwinDirectory(List<URI> relays, HttpClient http, long size) {
        this(relays, http, size, TIMEOUT, Ticker.systemTicker());
    }

    RelayTwinDirectory(
            List<URI> relays, HttpClient http, long size, Duration timeout, Ticker ticker) {
        if (relays.isEmpty()) {
            throw new IllegalArgumentException("no relay to ask");
        }
        this.relays = relays.stream().map(RelayTwinDirectory::root).toList();
        this.http = http;
        this.timeout = timeout;
        this.ticker = ticker;
        this.answers =
                Caffeine.newBuilder()
                        .executor(Runnable::run)
                        .ticker(ticker)
                        .maximumSize(size)
                        .expireAfterWrite(STALE)
                        .build();
        this.asking =
                new Coalesced<>(
                        this::ask,
                        (question, answer) ->
                                answer.ifPresent(found -> answers.put(question, found)));
    }

    private static URI root(URI relay) {
        String scheme = String.valueOf(relay.getScheme()).replaceFirst("^ws", "http");
        if (!SCHEMES.contains(scheme) || relay.getHost() == null) {
            throw new IllegalArgumentException(relay + " is no address of a relay");
        }
        return URI.create(scheme + "://" + relay.getAuthority());
    }

    @Override
    public CompletionStage<Optional<Twin>> byId(long id) {
        return id < 1 || id > Twin.MAX_ID
                ? CompletableFuture.completedStage(Optional.empty())
                : lookUp(new Question.ById(id));
    }

    @Override
    public CompletionStage<Optional<Twin>> byAccount(AccountId account) {
        return lookUp(new Question.ByAccount(account));
    }

    private CompletionStage<Optional<Twin>> lookUp(Question question) {
        Answer known = known(question);
        if (known != null && ticker.read() < known.until()) {
            return CompletableFuture.completedStage(known.twin());
        }
        return asking.ask(question)
                .handle((answer, failure) -> {
                    if (failure == null) {
                        return answer.flatMap(Answer::twin);
                    }
                    if (known == null) {
                        throw exception(failure);
                    }
                    // Or each look-up would wait for relays that are known to be away.
                    long again = ticker.read() + PAUSE.toNanos();
                    answers.asMap()
                            .replace(question, known, new Answer(known.twin(), known.at(), again));
                    return known.twin();
                });
    }

    private @Nullable Answer known(Question question) {
        Answer known = answers.getIfPresent(question);
        // The cache counts from when something was put, not from when it was told.
        return known == null || ticker.read() - known.at() >= STALE.toNanos() ? null : known;
    }

    private static DirectoryException exception(Throwable failure) {
        return Causes.of(failure) instanceof DirectoryException known
                ? known
                : DirectoryException.retryable("no relay can be asked", Causes.of(failure));
    }

    private CompletionStage<Optional<Answer>> ask(Question question) {
        return ask(question, preferred, relays.size())
                .thenApply(twin -> {
                    long now = ticker.read();
                    return Optional.of(new Answer(twin, now, now + FRESH.toNanos()));
                });
    }

    /** Asks one relay after the other until one answers. */
    private CompletionStage<Optional<Twin>> ask(Question question, int relay, int left) {
        return askOne(question, relays.get(relay))
                .handle((twin, failure) -> {
                    if (failure == null) {
                        preferred = relay;
                        return CompletableFuture.completedStage(twin);
                    }
                    return left > 1
                            ? ask(question, (relay + 1) % relays.size(), left - 1)
                            : CompletableFuture.<Optional<Twin>>failedStage(failure);
                })
                .thenCompose(answer -> answer);
    }

    private CompletionStage<Optional<Twin>> askOne(Question question, URI relay) {
        HttpRequest request =
                HttpRequest.newBuilder(relay.resolve(question.path()))
                        .version(HttpClient.Version.HTTP_1_1)
                        .build();
        CompletableFuture<HttpResponse<String>> response =
                http.sendAsync(request, ShortText.atMost(MAX_ANSWER_BYTES));
        // Not the request's time-out, which ends when the body begins.
        return response.copy()
                .orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS)
                .whenComplete((answer, failure) -> response.cancel(true))
                .thenApply(answer -> read(question, relay, answer));
    }

    private static Optional<Twin> read(
            Question question, URI relay, HttpResponse<String> response) {
        int status = response.statusCode();
        if (status == OK) {
            Twin twin = twin(relay, response.body());
            if (!question.isAnsweredBy(twin)) {
                throw DirectoryException.lasting(
                        relay + " answered " + twin + " to " + question.path(), null);
            }
            return Optional.of(twin);
        }
        if (status == NOT_FOUND && response.body().strip().equals("twin not found")) {
            return Optional.empty();
        }
        String refusal = relay + " answered " + status + " to a look-up";
        throw status == TOO_MANY || status >= SERVER_ERRORS
                ? DirectoryException.retryable(refusal, null)
                : DirectoryException.lasting(refusal, null);
    }

    private static Twin twin(URI relay, String answer) {
        try {
            return TwinJson.read(answer);
        } catch (IllegalArgumentException e) {
            throw DirectoryException.lasting("what " + relay + " answered is no twin", e);
        }
    }

    /** How many answers are kept, once the cache has tidied up. */
    long size() {
        answers.cleanUp();
        return answers.estimatedSize();
    }

    /** The HTTP client is the caller's to close. */
    @Override
    public void close() {}
}
