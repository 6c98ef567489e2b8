package dev.rmb.client;

import dev.rmb.proto.Envelope;
import dev.rmb.protocol.Address;
import dev.rmb.protocol.identity.Signer;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Describes a client, and connects it. Relay, twin and signer have to be given.
 *
 * <p>Handlers and listener are part of the description, as a relay delivers what waited for this
 * address as soon as it is connected.
 *
 * <p>Not thread-safe. One description can connect several clients, which need different sessions: a
 * relay keeps one connection for each address.
 */
public final class RmbClientBuilder {
    private static final Duration SHORTEST_TOKEN = Duration.ofMinutes(1);
    private static final Duration LONGEST_TOKEN = Duration.ofMinutes(5);

    private final Map<String, RequestHandler> handlers = new HashMap<>();
    private @Nullable URI relay;
    private long twin;
    private @Nullable String session;
    private @Nullable Signer signer;
    private Duration tokenLifetime = LONGEST_TOKEN;
    private Duration connectTimeout = Duration.ofSeconds(10);
    private @Nullable RequestHandler otherHandler;
    private @Nullable Consumer<Envelope> listener;
    private @Nullable Executor executor;
    private @Nullable SSLContext sslContext;
    private InstantSource clock = InstantSource.system();
    private UnaryOperator<ConnectionSettings> adjustment = UnaryOperator.identity();

    RmbClientBuilder() {}

    /**
     * Which relay to connect to.
     *
     * @param uri {@code wss://host} or {@code ws://host:port}, with a path if the relay is behind
     *     one
     */
    public RmbClientBuilder relay(URI uri) {
        String scheme = uri.getScheme();
        if (!("ws".equalsIgnoreCase(scheme) || "wss".equalsIgnoreCase(scheme))
                || uri.getHost() == null
                || uri.getRawQuery() != null
                || uri.getRawFragment() != null) {
            throw new IllegalArgumentException("not a relay: " + uri);
        }
        relay = uri.getRawPath().isEmpty() ? uri.resolve("/") : uri;
        return this;
    }

    /**
     * Who connects.
     *
     * @param id 1 to 2^32 - 1
     */
    public RmbClientBuilder twin(long id) {
        twin = Address.of(id).twin();
        return this;
    }

    /**
     * Which of the twin's connections this is, by a name of its own. Without one it is the unnamed
     * connection, which {@code rmb-peer} uses.
     *
     * @param name at most 1024 bytes in UTF-8
     */
    public RmbClientBuilder session(String name) {
        session = name;
        return this;
    }

    /**
     * Signs for the twin: tokens and every envelope. Stays the caller's, and must outlive the
     * client.
     */
    public RmbClientBuilder signer(Signer key) {
        signer = key;
        return this;
    }

    /**
     * How long a token can be used to connect; a new one is made for each attempt.
     *
     * @param lifetime 60 to 300 s, the default; less is safer when somebody reads along, more
     *     forgives a clock that is wrong
     */
    public RmbClientBuilder tokenLifetime(Duration lifetime) {
        if (lifetime.compareTo(SHORTEST_TOKEN) < 0 || lifetime.compareTo(LONGEST_TOKEN) > 0) {
            throw new IllegalArgumentException("token lifetime not 60 to 300 s: " + lifetime);
        }
        tokenLifetime = lifetime;
        return this;
    }

    /** How long one attempt to connect may take; 10 s by default. */
    public RmbClientBuilder connectTimeout(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("connecting needs time: " + timeout);
        }
        connectTimeout = timeout;
        return this;
    }

    /**
     * Which certificates to trust for {@code wss}: for a relay with a certificate of a private
     * authority. By default those that Java trusts.
     */
    public RmbClientBuilder sslContext(SSLContext context) {
        sslContext = context;
        return this;
    }

    /**
     * Serves a command. A request whose command nobody serves goes to the listener; without a
     * listener it is answered with an error.
     *
     * @param command for example {@code calculator.add}
     * @throws IllegalArgumentException if the command has a handler already
     */
    public RmbClientBuilder handle(String command, RequestHandler handler) {
        if (handlers.putIfAbsent(command, handler) != null) {
            throw new IllegalArgumentException("two handlers for " + command);
        }
        return this;
    }

    /** Serves all commands that have no handler of their own. */
    public RmbClientBuilder handleOthers(RequestHandler handler) {
        otherHandler = handler;
        return this;
    }

    /**
     * Takes every envelope that is neither the answer to a pending call nor for a handler, in the
     * order of arrival, on the callback thread. While it is slow, fewer are read.
     */
    public RmbClientBuilder onEnvelope(Consumer<Envelope> envelopes) {
        listener = envelopes;
        return this;
    }

    /**
     * Runs the handlers. By default the client has up to 16 threads of its own for them. The
     * executor stays the caller's.
     */
    public RmbClientBuilder handlerExecutor(Executor handlerExecutor) {
        executor = handlerExecutor;
        return this;
    }

    /** For tests: another clock for tokens and timestamps. */
    RmbClientBuilder clock(InstantSource source) {
        clock = source;
        return this;
    }

    /** For tests: other times and bounds. */
    RmbClientBuilder adjust(UnaryOperator<ConnectionSettings> settings) {
        adjustment = settings;
        return this;
    }

    /**
     * Connects, and waits for it.
     *
     * @return a connected client, which the caller closes
     * @throws RelayRefusedException if the relay refuses this twin
     * @throws RelayUnreachableException if the relay was not reached
     * @throws ClientClosedException if the thread was interrupted, which it still is
     */
    public RmbClient connect() {
        RmbClient client = build();
        try {
            return client.open().toCompletableFuture().get();
        } catch (InterruptedException e) {
            client.close();
            Thread.currentThread().interrupt();
            throw new ClientClosedException();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RmbException known) {
                throw known;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    /**
     * Connects.
     *
     * @return a connected client, which the caller closes; fails like {@link #connect}
     */
    public CompletionStage<RmbClient> connectAsync() {
        return build().open();
    }

    private RmbClient build() {
        URI to = Objects.requireNonNull(relay, "no relay given");
        Signer key = Objects.requireNonNull(signer, "no signer given");
        if (twin == 0) {
            throw new IllegalStateException("no twin given");
        }
        var address = new Address(twin, session);
        var threads = new ClientThreads("rmb-client-" + address, executor);
        HttpClient.Builder http = HttpClient.newBuilder();
        if (sslContext != null) {
            http.sslContext(sslContext);
        }
        return new RmbClient(
                address,
                key,
                tokenLifetime,
                clock,
                adjustment.apply(ConnectionSettings.of(to).withConnectTimeout(connectTimeout)),
                new Inbox.Routes(handlers, otherHandler, listener),
                http,
                threads);
    }
}
