package dev.rmb.client;

import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The connections to a twin's relays, and what waits to be sent: over the first of them that is
 * open, one message after the other.
 *
 * <p>All state belongs to the loop; the methods may be called on any thread.
 */
final class Relays implements RelayConnection.Owner {
    private final List<RelayConnection> connections;
    private final ScheduledExecutorService loop;
    private final SessionSettings settings;
    private final SessionListener listener;
    private final Deque<Outgoing> queue = new ArrayDeque<>();
    private final CompletableFuture<Void> opened = new CompletableFuture<>();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private final Map<RelayConnection, RelayConnectException> failures = new LinkedHashMap<>();
    private boolean closing;

    /**
     * Connections that are not opened yet.
     *
     * @param connections makes them, in the order in which they are preferred
     * @param threads run them; stay the caller's
     * @param listener hears of connections on the loop
     */
    Relays(
            Function<RelayConnection.Owner, List<RelayConnection>> connections,
            SessionSettings settings,
            ClientThreads threads,
            SessionListener listener) {
        this.settings = settings;
        this.loop = threads.loop();
        this.listener = listener;
        this.connections = List.copyOf(connections.apply(this));
    }

    /**
     * Connects to all of them, again and again until closed.
     *
     * @return completes on the loop when the first of them is open; fails when all of them have
     *     failed once, which is no reason for them not to try again
     */
    CompletionStage<Void> open() {
        onLoop(() -> connections.forEach(RelayConnection::connect));
        return opened;
    }

    /** Those that are open now, in the order in which they are preferred. */
    List<URI> openRelays() {
        return connections.stream()
                .filter(RelayConnection::isOpen)
                .map(RelayConnection::relay)
                .toList();
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

    @Override
    public void opened(RelayConnection connection) {
        if (closing) {
            connection.sayFarewell();
            return;
        }
        opened.complete(null);
        listener.connected(connection.relay());
        writable();
    }

    @Override
    public void failed(RelayConnection connection, RelayConnectException reason) {
        listener.notConnected(connection.relay(), reason);
        if (opened.isDone()) {
            return;
        }
        failures.putIfAbsent(connection, reason);
        if (failures.size() >= connections.size()) {
            // What the preferred one says, unless another gave a better reason than silence.
            RelayConnectException first =
                    failures.values().stream()
                            .filter(one -> one instanceof RelayRefusedException)
                            .findFirst()
                            .orElse(failures.values().iterator().next());
            failures.values().stream()
                    .filter(one -> !one.equals(first))
                    .forEach(first::addSuppressed);
            opened.completeExceptionally(first);
        }
    }

    @Override
    public void lost(RelayConnection connection, @Nullable Outgoing halfWritten) {
        if (halfWritten != null) {
            if (halfWritten.isRepeatable()) {
                queue.addFirst(halfWritten);
            } else {
                halfWritten.end(new DeliveryUncertainException(connection.relay()));
            }
        }
        listener.disconnected(connection.relay());
        writable();
        if (!closing) {
            List.copyOf(queue).forEach(this::expireInTime);
        }
    }

    private void enqueue(Outgoing message) {
        if (closing) {
            message.end(new ClientClosedException());
            return;
        }
        queue.add(message);
        writable();
        // Also behind a connection that is open and takes nothing: its relay may not read for long.
        if (message.equals(queue.peekLast())) {
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
            message.end(new NotConnectedException("no connection to a relay in its time"));
        }
    }

    private @Nullable RelayConnection first() {
        for (RelayConnection connection : connections) {
            if (connection.isOpen()) {
                return connection;
            }
        }
        return null;
    }

    /** Writes what is queued, one message after the other. */
    @Override
    public void writable() {
        RelayConnection connection = first();
        while (connection != null && !connection.isWriting() && !queue.isEmpty()) {
            Outgoing message = queue.remove();
            if (message.remainingNanos() <= 0) {
                message.end(new NotConnectedException("the relay took nothing in its time"));
            } else {
                connection.write(message);
            }
            connection = first();
        }
        if (closing && queue.isEmpty()) {
            connections.stream()
                    .filter(one -> !one.isWriting())
                    .forEach(RelayConnection::sayFarewell);
        }
    }

    private void startClosing() {
        if (closing) {
            return;
        }
        closing = true;
        CompletableFuture<?>[] ends =
                connections.stream().map(RelayConnection::closed).toArray(CompletableFuture[]::new);
        var unused = CompletableFuture.allOf(ends).whenComplete((all, failure) -> end());
        if (first() == null) {
            connections.forEach(RelayConnection::close);
            return;
        }
        connections.stream().filter(one -> !one.isOpen()).forEach(RelayConnection::close);
        schedule(() -> connections.forEach(RelayConnection::close), settings.linger().toNanos());
        writable();
    }

    private void schedule(Runnable task, long nanos) {
        var unused = loop.schedule(task, nanos, TimeUnit.NANOSECONDS);
    }

    /** The end of it all. */
    private void end() {
        while (!queue.isEmpty()) {
            queue.remove().end(new ClientClosedException());
        }
        opened.completeExceptionally(new ClientClosedException());
        closed.complete(null);
    }
}
