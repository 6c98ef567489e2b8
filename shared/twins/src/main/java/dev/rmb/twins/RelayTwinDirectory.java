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
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/**
 * The twins of a relay that has its own registry, looked up on its public port: for clients without
 * a chain. An answer is kept for a while, and for longer if the relay cannot be asked. Whoever uses
 * it believes the relay who is who.
 */
public final class RelayTwinDirectory implements TwinDirectory {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    /** What is older is asked for again. */
    private static final Duration FRESH = Duration.ofMinutes(1);

    /** What is older is not believed, even if the relay cannot be asked. */
    private static final Duration STALE = Duration.ofHours(1);

    private static final Set<String> SCHEMES = Set.of("http", "https");
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;

    private final URI relay;
    private final HttpClient http;
    private final Ticker ticker;
    private final Cache<String, Answer> answers;
    private final Coalesced<String, Answer> asking;

    /**
     * @param twin empty where there is none
     * @param at of the ticker
     */
    private record Answer(Optional<Twin> twin, long at) {}

    /**
     * @param relay its public address, {@code https://host} or {@code wss://host}
     * @param http to ask with; stays the caller's
     * @param size answers kept at most
     */
    public RelayTwinDirectory(URI relay, HttpClient http, long size) {
        this(relay, http, size, Ticker.systemTicker());
    }

    RelayTwinDirectory(URI relay, HttpClient http, long size, Ticker ticker) {
        String scheme = String.valueOf(relay.getScheme()).replaceFirst("^ws", "http");
        if (!SCHEMES.contains(scheme) || relay.getHost() == null) {
            throw new IllegalArgumentException(relay + " is no address of a relay");
        }
        this.relay = URI.create(scheme + "://" + relay.getAuthority());
        this.http = http;
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
                        (path, answer) -> answer.ifPresent(found -> answers.put(path, found)));
    }

    @Override
    public CompletionStage<Optional<Twin>> byId(long id) {
        return id < 1 || id > Twin.MAX_ID
                ? CompletableFuture.completedStage(Optional.empty())
                : lookUp("/twins/" + id, twin -> twin.id() == id);
    }

    @Override
    public CompletionStage<Optional<Twin>> byAccount(AccountId account) {
        return lookUp("/twins?account=" + account, twin -> twin.account().equals(account));
    }

    private CompletionStage<Optional<Twin>> lookUp(String path, Predicate<Twin> isTheRightOne) {
        Answer known = answers.getIfPresent(path);
        if (known != null && ticker.read() - known.at() < FRESH.toNanos()) {
            return CompletableFuture.completedStage(known.twin());
        }
        return asking.ask(path)
                .handle((answer, failure) -> {
                    if (failure == null) {
                        Optional<Twin> twin = answer.flatMap(Answer::twin);
                        if (twin.isPresent() && !isTheRightOne.test(twin.get())) {
                            throw DirectoryException.lasting(
                                    "the relay answered " + twin.get() + " to " + path, null);
                        }
                        return twin;
                    }
                    if (known != null) {
                        return known.twin();
                    }
                    throw Causes.of(failure) instanceof DirectoryException refused
                            ? refused
                            : DirectoryException.retryable(
                                    "the relay " + relay + " cannot be asked", failure);
                });
    }

    private CompletionStage<Optional<Answer>> ask(String path) {
        HttpRequest request = HttpRequest.newBuilder(relay.resolve(path)).timeout(TIMEOUT).build();
        return http.sendAsync(request, HttpResponse.BodyHandlers.ofString())
                .thenApply(response -> Optional.of(new Answer(read(response), ticker.read())));
    }

    private static Optional<Twin> read(HttpResponse<String> response) {
        if (response.statusCode() == OK) {
            try {
                return Optional.of(TwinJson.read(response.body()));
            } catch (IllegalArgumentException e) {
                throw DirectoryException.lasting("the relay's answer is no twin", e);
            }
        }
        if (response.statusCode() == NOT_FOUND
                && response.body().strip().equals("twin not found")) {
            return Optional.empty();
        }
        throw DirectoryException.retryable(
                "the relay answered " + response.statusCode() + " to a look-up", null);
    }

    /** The HTTP client is the caller's to close. */
    @Override
    public void close() {}
}
