package dev.rmb.client;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
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
 * they fail. What is to be sent waits in a queue until it is written; the JDK writes one message at
 * a time.
 *
 * <p>All state belongs to the loop; the methods may be called on any thread.
 */
final class Connection {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
    private static final int MAX_REFUSAL_TEXT = 200;

    private enum State {
        NEW,
        CONNECTING,
        OPEN,
        /** Until it is time to connect again. */
        WAITING,
        /** Sends what is queued, then the farewell. */
        CLOSING,
        CLOSED
    }

    private final ConnectionSettings settings;
    private final Supplier<String> tokens;
    private final Incoming incoming;
    private final ScheduledExecutorService loop;
    private final HttpClient http;
    private final Backoff backoff;
    private final CompletableFuture<Void> opened = new CompletableFuture<>();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private final Deque<Outgoing> queue = new ArrayDeque<>();

    private volatile State state = State.NEW;
    private volatile boolean receiving;
    private @Nullable Socket socket;
    private @Nullable WebSocket webSocket;
    private @Nullable Outgoing sending;
    private long openedAt;

    /**
     * A connection that is not opened yet.
     *
     * @param settings times and bounds
     * @param tokens issues a token for each attempt
     * @param http makes the HTTP client, which is the connection's own
     * @param threads run it; stay the caller's
     * @param incoming takes what is received
     */
    Connection(
            ConnectionSettings settings,
            Supplier<String> tokens,
            HttpClient.Builder http,
            ClientThreads threads,
            Incoming incoming) {
        this.settings = settings;
        this.tokens = tokens;
        this.incoming = incoming;
        this.loop = threads.loop();
        this.http =
                http.executor(task -> receiver(threads).execute(task))
                        .connectTimeout(settings.connectTimeout())
                        .build();
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

    boolean isOpen() {
        return state == State.OPEN;
    }

    /**
     * Connects for the first time.
     *
     * @return completes on the loop; fails with {@link RelayConnectException}, and then the
     *     connection is closed
     */
    CompletionStage<Void> open() {
        onLoop(this::connect);
        return opened;
    }

    /** Sends a message as soon as there is a connection. */
    void send(Outgoing message) {
        if (!onLoop(() -> enqueue(message))) {
            message.end(new ClientClosedException());
        }
    }

    /** Forgets a message if it was not written yet; its end is not told. */
    void cancel(Outgoing message) {
        onLoop(() -> {
            message.leave();
            queue.remove(message);
        });
    }

    /**
     * Sends what is queued, within the linger time, and closes.
     *
     * @return completes on the loop
     */
    CompletionStage<Void> close() {
        if (!onLoop(this::startClosing)) {
            closed.complete(null);
        }
        return closed;
    }

    private boolean onLoop(Runnable task) {
        try {
            loop.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    private void connect() {
        if (state != State.NEW && state != State.WAITING) {
            return;
        }
        state = State.CONNECTING;
        receiving = false;
        var attempt =
                new Socket(
                        new ReceiveWindow(settings.receivedMessages(), settings.receivedBytes()),
                        incoming,
                        () -> receiving = true,
                        (ended, reason) -> onLoop(() -> lost(ended, reason)));
        socket = attempt;
        handshake(attempt)
                .whenComplete((connected, failure) ->
                        onLoop(() -> handshaken(attempt, connected, failure)));
    }

    private CompletionStage<WebSocket> handshake(Socket attempt) {
        try {
            URI relay = settings.relay();
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
        LOG.info("Connected to {}", settings.relay());
        webSocket = connected;
        state = State.OPEN;
        openedAt = System.nanoTime();
        var alive = new KeepAlive(settings.ping(), settings.silence(), openedAt);
        checkAlive(attempt, alive);
        opened.complete(null);
        pump();
    }

    private void failed(RelayConnectException failure) {
        dropSocket();
        if (opened.isDone()) {
            LOG.debug("Still no connection to {}", settings.relay(), failure);
            reconnect();
        } else {
            end(failure);
        }
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
        if (state == State.CLOSING) {
            end(new ClientClosedException());
            return;
        }
        LOG.warn("Lost the connection to {}: {}", settings.relay(), reason);
        if (System.nanoTime() - openedAt >= settings.stable().toNanos()) {
            backoff.reset();
        }
        if (sending != null) {
            // Not all of it was written, so the relay has not seen it.
            queue.addFirst(sending);
            sending = null;
        }
        reconnect();
        List.copyOf(queue).forEach(this::expireInTime);
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
            var unused =
                    webSocket
                            .sendPing(ByteBuffer.allocate(0))
                            .whenComplete((same, failure) -> pinged(checked, failure));
        }
        schedule(() -> checkAlive(checked, alive), alive.untilNextCheck(now));
    }

    private void pinged(Socket checked, @Nullable Throwable failure) {
        if (failure != null) {
            onLoop(() -> lost(checked, failure.toString()));
        }
    }

    private void schedule(Runnable task, long nanos) {
        try {
            var unused = loop.schedule(task, nanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            LOG.trace("Closed meanwhile", e);
        }
    }

    private void enqueue(Outgoing message) {
        if (state == State.CLOSING || state == State.CLOSED) {
            message.end(new ClientClosedException());
            return;
        }
        queue.add(message);
        if (state == State.OPEN) {
            pump();
        } else {
            expireInTime(message);
        }
    }

    private void expireInTime(Outgoing message) {
        if (!message.hasTimer()) {
            message.timer(
                    loop.schedule(
                            () -> expire(message), message.remainingNanos(), TimeUnit.NANOSECONDS));
        }
    }

    private void expire(Outgoing message) {
        if (queue.remove(message)) {
            message.end(new NotConnectedException("no connection to the relay in its time"));
        }
    }

    /** Writes what is queued, one message after the other. */
    private void pump() {
        while (socket != null && webSocket != null && sending == null && !queue.isEmpty()) {
            Outgoing message = queue.remove();
            if (message.remainingNanos() <= 0) {
                message.end(new NotConnectedException("the relay took nothing in its time"));
                continue;
            }
            sending = message;
            Socket writing = socket;
            CompletableFuture<WebSocket> written = webSocket.sendBinary(message.bytes(), true);
            if (written.isDone() && !written.isCompletedExceptionally()) {
                sending = null;
                message.end(null);
            } else {
                var unused =
                        written.whenComplete(
                                (same, failure) -> onLoop(() -> written(writing, failure)));
            }
        }
        if (state == State.CLOSING && sending == null && queue.isEmpty()) {
            sayFarewell();
        }
    }

    private void written(Socket writing, @Nullable Throwable failure) {
        if (socket != writing) {
            return;
        }
        if (failure != null) {
            lost(writing, failure.toString());
            return;
        }
        Outgoing message = sending;
        sending = null;
        if (message != null) {
            message.end(null);
        }
        pump();
    }

    private void startClosing() {
        switch (state) {
            case OPEN -> {
                state = State.CLOSING;
                schedule(() -> end(new ClientClosedException()), settings.linger().toNanos());
                pump();
            }
            case NEW, CONNECTING, WAITING -> end(new ClientClosedException());
            case CLOSING, CLOSED -> {}
        }
    }

    private void sayFarewell() {
        if (webSocket == null) {
            return;
        }
        // The relay's farewell ends it; the linger time, if none comes.
        var unused =
                webSocket
                        .sendClose(WebSocket.NORMAL_CLOSURE, "")
                        .whenComplete((same, failure) -> onLoop(() -> endIfFailed(failure)));
    }

    private void endIfFailed(@Nullable Throwable failure) {
        if (failure != null) {
            end(new ClientClosedException());
        }
    }

    /** The end of it all; {@code reason} is for who still waits for the first connection. */
    private void end(RmbException reason) {
        if (state == State.CLOSED) {
            return;
        }
        state = State.CLOSED;
        dropSocket();
        if (sending != null) {
            queue.addFirst(sending);
            sending = null;
        }
        while (!queue.isEmpty()) {
            queue.remove().end(new ClientClosedException());
        }
        HttpClients.stop(http);
        closed.complete(null);
        opened.completeExceptionally(reason);
    }

    private RelayConnectException connectException(@Nullable Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
        if (cause instanceof WebSocketHandshakeException refused) {
            Object body = refused.getResponse().body();
            String text = body == null ? "" : body.toString().strip();
            return new RelayRefusedException(
                    refused.getResponse().statusCode(),
                    text.substring(0, Math.min(text.length(), MAX_REFUSAL_TEXT)));
        }
        return new RelayUnreachableException("cannot connect to " + settings.relay(), cause);
    }
}
