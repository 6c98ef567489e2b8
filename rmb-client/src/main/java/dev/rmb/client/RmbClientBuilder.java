package dev.rmb.client;

import dev.rmb.proto.Envelope;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Describes a client, and connects it.
 *
 * <p>What it serves and its listener are part of the description, as a relay delivers what waited
 * for this address as soon as it is connected.
 */
public final class RmbClientBuilder extends PeerBuilder<RmbClientBuilder> {
    private static final int DEFAULT_CALLS = 16 * 1024;
    private static final int DEFAULT_SERVING = 256;

    private final Router router = new Router();
    private @Nullable Consumer<Envelope> listener;
    private @Nullable Executor executor;
    private ClientMetrics metrics = ClientMetrics.NONE;
    private int callsInFlight = DEFAULT_CALLS;
    private int serving = DEFAULT_SERVING;

    RmbClientBuilder() {}

    @Override
    RmbClientBuilder self() {
        return this;
    }

    /**
     * Serves a command; see {@link Router#handle}. A request whose command nobody serves goes to
     * the {@linkplain #onEnvelope listener}; without a listener it is answered with an error.
     *
     * @param command for example {@code calculator.add}
     * @throws IllegalArgumentException if the command has a handler already
     */
    public RmbClientBuilder handle(String command, RequestHandler handler) {
        router.handle(command, handler);
        return this;
    }

    /** Serves all commands that have no handler of their own. */
    public RmbClientBuilder handleOthers(RequestHandler handler) {
        router.handleOthers(handler);
        return this;
    }

    /**
     * Serves what a router serves, as well as what else is given here.
     *
     * @throws IllegalArgumentException if a command has a handler already
     */
    public RmbClientBuilder serve(Router routes) {
        router.include(routes);
        return this;
    }

    /**
     * Takes every envelope that is neither the answer to a pending call nor for a handler, in the
     * order of arrival of each source, on the callback thread. While it is slow, fewer are read.
     * Payloads are still encrypted in there; use {@link RmbSession} to work on envelopes.
     */
    public RmbClientBuilder onEnvelope(Consumer<Envelope> envelopes) {
        listener = envelopes;
        return this;
    }

    /**
     * Runs the handlers. By default the client has up to 16 threads of its own for them; handlers
     * that wait a lot are better run on virtual threads ({@code
     * Executors.newVirtualThreadPerTaskExecutor()}). The executor stays the caller's.
     */
    public RmbClientBuilder handlerExecutor(Executor handlerExecutor) {
        executor = handlerExecutor;
        return this;
    }

    /**
     * How many calls may wait for their answers; 16,384 by default. One more fails with {@link
     * SendQueueFullException}, or waits, if it is made with {@link RmbClient#await}.
     */
    public RmbClientBuilder callsInFlight(int most) {
        callsInFlight = atLeastOne(most);
        return this;
    }

    /**
     * How many requests may be in progress at a time; 256 by default. While they are, or have 16
     * MiB, those that come wait, and the relay keeps what is behind them; but while calls of this
     * client wait for answers, no more than 192 requests or 12 MiB wait, and others are refused.
     */
    public RmbClientBuilder servingAtOnce(int most) {
        serving = atLeastOne(most);
        return this;
    }

    private static int atLeastOne(int number) {
        if (number < 1) {
            throw new IllegalArgumentException("at least 1, not " + number);
        }
        return number;
    }

    /** Counts what the client does. */
    public RmbClientBuilder metrics(ClientMetrics hook) {
        metrics = hook;
        return this;
    }

    /**
     * Connects, and waits until one relay is connected.
     *
     * @return a connected client, which the caller closes
     * @throws RelayRefusedException if the relays do not take this twin
     * @throws RelayUnreachableException if none was reached
     * @throws ClientClosedException if the thread was interrupted, which it still is
     */
    public RmbClient connect() {
        RmbClient client = client();
        return RmbSession.connected(client.open(), () -> client, client::close);
    }

    /**
     * Connects.
     *
     * @return a connected client, which the caller closes; fails like {@link #connect}
     */
    public CompletionStage<RmbClient> connectAsync() {
        RmbClient client = client();
        var connected = new CompletableFuture<RmbClient>();
        var unused =
                client.open().whenComplete((open, failure) -> client.complete(connected, failure));
        return connected;
    }

    /**
     * Connects in its own time: goes on trying until a relay is there. Calls made meanwhile wait.
     *
     * @return a client, connected or not yet, which the caller closes
     */
    public RmbClient start() {
        RmbClient client = client();
        var unused = client.open();
        return client;
    }

    private RmbClient client() {
        var inbox = new Inbox(router.routes(), listener, metrics, serving);
        return new RmbClient(build(inbox, executor), inbox, metrics, callsInFlight);
    }
}
