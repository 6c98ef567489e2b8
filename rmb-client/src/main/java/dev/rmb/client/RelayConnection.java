package dev.rmb.client;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A lasting connection to one relay: one WebSocket after the other, with waits between them when
 * they fail. It writes one message at a time, as the JDK does; what waits meanwhile is its owner's.
 *
 * <p>All state belongs to the loop, on which its methods are called unless they say otherwise.
 */
final class RelayConnection {
    private static final Logger LOG = LoggerFactory.getLogger(RelayConnection.class);
    private static final int MAX_REFUSAL_TEXT = 200;

    private enum State {
        NEW,
        CONNECTING,
        OPEN,
        /** Until it is time to connect again. */
        WAITING,
        CLOSED
    }

    /** Hears of a connection, on the loop. */
    interface Owner {
        /** It takes messages now. */
        void opened(RelayConnection connection);

        /** Another attempt failed; it will be repeated. */
        void failed(RelayConnection connection, RelayConnectException reason);

        /**
         * It takes none until it is opened again.
         *
         * @param halfWritten what may have reached the relay, or not
         */
        void lost(RelayConnection connection, @Nullable Outgoing halfWritten);

        /** It takes the next message. */
        void writable();
    }

    private final URI relay;
    private final SessionSettings settings;
    private final Supplier<String> tokens;
    private final Incoming incoming;
    private final Owner owner;
    private final ScheduledExecutorService loop;
    private final HttpClient http;
    private final Backoff backoff;

    /** One for all WebSockets: what came over a lost one is still in memory until it is done. */
    private final ReceiveWindow window;

    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    private volatile State state = State.NEW;
    private volatile boolean receiving;
    private @Nullable Socket socket;
    private @Nullable WebSocket webSocket;
    private @Nullable Outgoing writing;
    private boolean pinging;
    private boolean saysFarewell;
    private long openedAt;

    /**
     * A connection that is not opened yet.
     *
     * @param relay where to connect, without a query
     * @param settings times and bounds
     * @param tokens issues a token for each attempt; called on any thread
     * @param http makes the HTTP client, which is the connection's own
     * @param threads run it; stay the caller's
     * @param incoming takes what is received
     */
    RelayConnection(
            URI relay,
            SessionSettings settings,
            Supplier<String> tokens,
            HttpClient.Builder http,
            ClientThreads threads,
            Incoming incoming,
            Owner owner) {
        this.relay = relay;
        this.settings = settings;
        this.tokens = tokens;
        this.incoming = incoming;
        this.owner = owner;
        this.loop = threads.loop();
        this.http =
                http.executor(task -> receiver(threads).execute(task))
                        .connectTimeout(settings.connectTimeout())
                        .build();
        this.window = new ReceiveWindow(settings.receivedMessages(), settings.receivedBytes());
        this.backoff =
                new Backoff(
                        settings.firstBackoff(),
                        settings.longestBackoff(),
                        RandomGenerator.getDefault());
    }

    /**
     * Where the JDK calls {@link Socket}: while a WebSocket is open, on the thread that reads it.
     * Elsewhere it misses the end of a connection that comes while a message is handed over
     * (acknowledgeReception throws then, and nobody is told).
     */
    private Executor receiver(ClientThreads threads) {
        return receiving ? Runnable::run : threads.io();
    }

    URI relay() {
        return relay;
    }

    /** On any thread. */
    boolean isOpen() {
        return state == State.OPEN;
    }

    /** Whether a message is being written, so that the next one has to wait. */
    boolean isWriting() {
        return writing != null;
    }

    void connect() {
        if (state != State.NEW && state != State.WAITING) {
            return;
        }
        state = State.CONNECTING;
        receiving = false;
        var attempt = new Socket(window, incoming, new SocketOwner());
        socket = attempt;
        handshake(attempt)
                .whenComplete((connected, failure) ->
                        onLoop(() -> handshaken(attempt, connected, failure)));
    }

    private final class SocketOwner implements Socket.Owner {
        @Override
        public void opened() {
            receiving = true;
        }

        @Override
        public void readsAgain(Socket reading) {
            onLoop(() -> look(reading));
        }

        @Override
        public void ended(Socket ended, String reason) {
            onLoop(() -> lost(ended, reason));
        }
    }

    private CompletionStage<WebSocket> handshake(Socket attempt) {
        try {
            return http.newWebSocketBuilder()
                    .connectTimeout(settings.connectTimeout())
                    .buildAsync(URI.create(relay + "?" + tokens.get()), attempt);
        } catch (RuntimeException e) {
            // A signer that fails, for example; whoever connects is told.
            return CompletableFuture.failedStage(e);
        }
    }

    private void handshaken(
            Socket attempt, @Nullable WebSocket connected, @Nullable Throwable failure) {
        if (socket == attempt && state == State.CONNECTING) {
            if (connected == null) {
                failed(connectException(failure));
            } else {
                connected(attempt, connected);
            }
        } else if (connected != null) {
            connected.abort();
        }
    }

    private void connected(Socket attempt, WebSocket connected) {
        LOG.info("Connected to {}", relay);
        webSocket = connected;
        state = State.OPEN;
        openedAt = System.nanoTime();
        var alive = new KeepAlive(settings.ping(), settings.silence(), openedAt);
        checkAlive(attempt, alive);
        owner.opened(this);
    }

    private void failed(RelayConnectException failure) {
        dropSocket();
        LOG.debug("Still no connection to {}", relay, failure);
        reconnect();
        owner.failed(this, failure);
    }

    /** The WebSocket of {@code ended} is of no use any more. */
    private void lost(Socket ended, String reason) {
        if (socket != ended) {
            return;
        }
        if (state == State.CONNECTING) {
            failed(new RelayUnreachableException("the relay hung up: " + reason, null));
            return;
        }
        dropSocket();
        if (saysFarewell) {
            close();
            return;
        }
        LOG.warn("Lost the connection to {}: {}", relay, reason);
        if (System.nanoTime() - openedAt >= settings.stable().toNanos()) {
            backoff.reset();
        }
        Outgoing half = writing;
        writing = null;
        reconnect();
        owner.lost(this, half);
    }

    private void reconnect() {
        state = State.WAITING;
        schedule(this::connect, backoff.next().toNanos());
    }

    private void dropSocket() {
        if (webSocket != null) {
            webSocket.abort();
        }
        webSocket = null;
        socket = null;
        pinging = false;
    }

    private void checkAlive(Socket checked, KeepAlive alive) {
        if (socket != checked || webSocket == null) {
            return;
        }
        long now = System.nanoTime();
        alive.heard(checked.heardAt());
        if (alive.isDead(now)) {
            lost(checked, "nothing heard for " + settings.silence());
            return;
        }
        if (alive.isPingDue(now)) {
            alive.pinged(now);
            ping(checked, webSocket);
        }
        schedule(() -> checkAlive(checked, alive), alive.untilNextCheck(now));
    }

    /**
     * Asks whether the relay is still there. The JDK reads an end of the connection also while no
     * message is asked for, and then tells nobody (acknowledgeReception throws): after a wait for
     * its receiver a connection may look open that has ended.
     */
    private void look(Socket reading) {
        if (socket != reading || webSocket == null) {
            return;
        }
        long at = System.nanoTime();
        ping(reading, webSocket);
        schedule(() -> looked(reading, at), settings.connectTimeout().toNanos());
    }

    private void looked(Socket reading, long since) {
        if (socket != reading) {
            return;
        }
        if (reading.heardAt() - since <= 0) {
            lost(reading, "nothing heard for " + settings.connectTimeout());
        } else if (reading.needsAnotherLook()) {
            look(reading);
        }
    }

    private void ping(Socket pinged, WebSocket through) {
        if (pinging) {
            return;
        }
        pinging = true;
        var unused =
                through.sendPing(ByteBuffer.allocate(0))
                        .whenComplete((same, failure) -> onLoop(() -> pinged(pinged, failure)));
    }

    private void pinged(Socket pinged, @Nullable Throwable failure) {
        if (socket != pinged) {
            return;
        }
        pinging = false;
        if (failure != null) {
            lost(pinged, failure.toString());
        }
    }

    /** Writes a message; to be called when it is open and writes no other. */
    void write(Outgoing message) {
        Socket through = socket;
        if (through == null || webSocket == null || writing != null) {
            throw new IllegalStateException("not writable");
        }
        writing = message;
        CompletableFuture<WebSocket> written = webSocket.sendBinary(message.bytes(), true);
        if (written.isDone() && !written.isCompletedExceptionally()) {
            writing = null;
            message.end(null);
        } else {
            var unused =
                    written.whenComplete(
                            (same, failure) -> onLoop(() -> written(through, failure)));
        }
    }

    private void written(Socket through, @Nullable Throwable failure) {
        if (socket != through) {
            return;
        }
        if (failure != null) {
            lost(through, failure.toString());
            return;
        }
        Outgoing message = writing;
        writing = null;
        if (message != null) {
            message.end(null);
        }
        owner.writable();
    }

    /** Says goodbye, and closes when the relay did, too. Nothing may be written afterwards. */
    void sayFarewell() {
        if (saysFarewell || state == State.CLOSED) {
            return;
        }
        if (webSocket == null) {
            close();
            return;
        }
        saysFarewell = true;
        var unused =
                webSocket
                        .sendClose(WebSocket.NORMAL_CLOSURE, "")
                        .whenComplete((same, failure) -> onLoop(() -> closeIfFailed(failure)));
    }

    private void closeIfFailed(@Nullable Throwable failure) {
        if (failure != null) {
            close();
        }
    }

    /** Ends it at once. */
    void close() {
        if (state == State.CLOSED) {
            return;
        }
        state = State.CLOSED;
        dropSocket();
        Outgoing half = writing;
        writing = null;
        HttpClients.stop(http);
        if (half != null) {
            half.end(new ClientClosedException());
        }
        closed.complete(null);
    }

    /** Completes on the loop when it is closed for good. */
    CompletableFuture<Void> closed() {
        return closed;
    }

    private void onLoop(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.trace("Closed meanwhile", e);
        }
    }

    private void schedule(Runnable task, long nanos) {
        try {
            var unused = loop.schedule(task, nanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            LOG.trace("Closed meanwhile", e);
        }
    }

    private RelayConnectException connectException(@Nullable Throwable failure) {
        Throwable cause = failure == null ? null : Causes.of(failure);
        if (cause instanceof WebSocketHandshakeException refused) {
            Object body = refused.getResponse().body();
            String text = body == null ? "" : body.toString().strip();
            return new RelayRefusedException(
                    refused.getResponse().statusCode(),
                    text.substring(0, Math.min(text.length(), MAX_REFUSAL_TEXT)));
        }
        return new RelayUnreachableException("cannot connect to " + relay, cause);
    }
}
