package dev.rmb.peer.relay;

import dev.rmb.client.NotConnectedException;
import dev.rmb.client.RelayConnectException;
import dev.rmb.client.RmbClient;
import dev.rmb.client.RmbException;
import dev.rmb.peer.message.PeerError;
import dev.rmb.proto.Envelope;
import dev.rmb.protocol.identity.Signer;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Connections to all relays at once; whichever works sends, all receive. */
public final class Relays implements Uplink, AutoCloseable {
    /** As many as a twin's record can name for the reference's peer. */
    public static final int MAX_RELAYS = 4;

    private static final Logger log = LoggerFactory.getLogger(Relays.class);
    private static final long FIRST_PAUSE_MS = 250;
    private static final long LONGEST_PAUSE_MS = 30_000;

    private final List<Link> links;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("relays").daemon().factory());
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private boolean closed;

    /** Until there was a first connection to any relay; bounded by those who send. */
    private record Waiting(Envelope envelope, CompletableFuture<Void> sent) {}

    /** One relay; its client reconnects by itself once it was connected. */
    private final class Link {
        private final URI relay;
        private final long twin;
        private final Signer signer;
        private final Consumer<Envelope> listener;
        private volatile @Nullable RmbClient client;
        private int failures;

        Link(URI relay, long twin, Signer signer, Consumer<Envelope> listener) {
            this.relay = relay;
            this.twin = twin;
            this.signer = signer;
            this.listener = listener;
        }

        void connect() {
            var _ =
                    RmbClient.builder()
                            .relay(relay)
                            .twin(twin)
                            .signer(signer)
                            .onEnvelope(listener)
                            .connectAsync()
                            .whenComplete(this::connected);
        }

        private void connected(@Nullable RmbClient made, @Nullable Throwable failure) {
            if (made != null) {
                established(this, made);
                return;
            }
            failures++;
            long limit = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS << Math.min(failures, 20));
            if (failures == 1) {
                log.warn(
                        "No connection to {} yet: {}",
                        relay,
                        failure == null ? "" : cause(failure));
            }
            schedule(this::connect, ThreadLocalRandom.current().nextLong(limit) + 1);
        }
    }

    private Relays(List<URI> relays, long twin, Signer signer, Consumer<Envelope> listener) {
        links = relays.stream().map(relay -> new Link(relay, twin, signer, listener)).toList();
    }

    /**
     * Begins to connect to all of them.
     *
     * @param listener takes what arrives, on a thread of the relay's connection; while it blocks,
     *     that relay is read no further
     */
    public static Relays connect(
            List<URI> relays, long twin, Signer signer, Consumer<Envelope> listener) {
        var made = new Relays(relays, twin, signer, listener);
        made.links.forEach(Link::connect);
        return made;
    }

    private void schedule(Runnable task, long millis) {
        synchronized (this) {
            if (!closed) {
                var _ = timer.schedule(task, millis, TimeUnit.MILLISECONDS);
            }
        }
    }

    private void established(Link link, RmbClient client) {
        synchronized (this) {
            if (!closed) {
                link.client = client;
                log.info("Connected to {}", link.relay);
                while (!waiting.isEmpty()) {
                    Waiting next = waiting.remove();
                    hand(client, next.envelope(), next.sent());
                }
                return;
            }
        }
        client.close();
    }

    /** Whether any relay is connected. */
    public boolean isConnected() {
        return links.stream()
                .map(link -> link.client)
                .anyMatch(client -> client != null && client.isConnected());
    }

    @Override
    public CompletionStage<Void> send(Envelope envelope) {
        var sent = new CompletableFuture<Void>();
        synchronized (this) {
            RmbClient client = best();
            if (client != null) {
                hand(client, envelope, sent);
            } else {
                var one = new Waiting(envelope, sent);
                waiting.add(one);
                schedule(() -> giveUp(one), TimeUnit.SECONDS.toMillis(envelope.getExpiration()));
            }
        }
        return sent;
    }

    private void giveUp(Waiting one) {
        synchronized (this) {
            if (!waiting.remove(one)) {
                return;
            }
        }
        one.sent()
                .completeExceptionally(
                        new SendException(
                                PeerError.other("no relay could be reached in time"),
                                new IllegalStateException("no relay")));
    }

    /** The first that is connected, or else that will be again. */
    private @Nullable RmbClient best() {
        RmbClient some = null;
        for (Link link : links) {
            RmbClient client = link.client;
            if (client != null && client.isConnected()) {
                return client;
            }
            some = some == null ? client : some;
        }
        return some;
    }

    private static void hand(RmbClient client, Envelope envelope, CompletableFuture<Void> sent) {
        try {
            var _ =
                    client.send(envelope)
                            .whenComplete((done, failure) -> {
                                if (failure == null) {
                                    sent.complete(null);
                                } else {
                                    sent.completeExceptionally(translate(failure));
                                }
                            });
        } catch (IllegalArgumentException e) {
            sent.completeExceptionally(
                    new SendException(
                            PeerError.invalidPayload("it is too large: " + e.getMessage()), e));
        }
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null
                ? failure.getCause()
                : failure;
    }

    private static SendException translate(Throwable failure) {
        Throwable cause = cause(failure);
        return switch (cause) {
            case NotConnectedException _ ->
                    new SendException(PeerError.other("no relay could be reached in time"), cause);
            case RelayConnectException _ ->
                    new SendException(PeerError.other("no relay could be reached"), cause);
            case RmbException known ->
                    new SendException(PeerError.other(String.valueOf(known.getMessage())), cause);
            default -> new SendException(PeerError.other("it cannot be sent"), cause);
        };
    }

    /** Sends what is queued, for a bounded time, and leaves. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        timer.shutdownNow();
        links.parallelStream()
                .map(link -> link.client)
                .forEach(client -> {
                    if (client != null) {
                        client.close();
                    }
                });
        while (true) {
            Waiting next;
            synchronized (this) {
                next = waiting.poll();
            }
            if (next == null) {
                return;
            }
            next.sent()
                    .completeExceptionally(
                            new SendException(
                                    PeerError.other("the peer stops"),
                                    new IllegalStateException("closed")));
        }
    }
}
