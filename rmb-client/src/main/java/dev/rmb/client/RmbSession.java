package dev.rmb.client;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.rmb.proto.Envelope;
import dev.rmb.proto.Error;
import dev.rmb.protocol.Address;
import dev.rmb.protocol.envelope.Envelopes;
import dev.rmb.protocol.envelope.Lifetime;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * One connection of a twin, in RMB's sense: an address, connected to all relays of its twin.
 * Envelopes that leave are encrypted and signed; those that come are verified and decrypted before
 * anybody sees them. {@link RmbClient} makes calls and services of it.
 *
 * <p><b>Relays.</b> It is connected to all of them, and sends over the first that is open. Lost
 * connections are opened again until it is closed.
 *
 * <p><b>Sending.</b> What is sent to one destination leaves in the order of the calls of {@link
 * #send}, if they are made one after the other. What was handed to a connection that then broke may
 * have arrived or not, and is not sent again, unless it was said to be repeatable.
 *
 * <p><b>Bounds.</b> What waits to be sent is bounded in messages and bytes, and so is what came and
 * is not {@linkplain ReceivedEnvelope#done done}.
 *
 * <p>Thread-safe. Its threads are daemons.
 */
public final class RmbSession implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RmbSession.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    /** What no deadline ends within the life of a session. */
    private static final Duration LONGEST_TTL = Duration.ofDays(365);

    private final Address address;
    private final EnvelopeSeal seal;
    private final InstantSource clock;
    private final ClientThreads threads;
    private final EnvelopeReceiver receiver;
    private final Budget queued;
    private final Relays relays;
    private final List<AutoCloseable> owned;
    private final InOrder<Address> leaving = new InOrder<>();
    private final InOrder<Address> coming = new InOrder<>();
    private final AtomicBoolean closing = new AtomicBoolean();
    private volatile Runnable onLost = () -> {};

    /** What a session is made of. */
    record Parts(
            Address address,
            EnvelopeSeal seal,
            InstantSource clock,
            SessionSettings settings,
            ClientThreads threads,
            EnvelopeReceiver receiver,
            SessionListener listener,
            ConnectionFactory connections,
            List<AutoCloseable> owned) {}

    /** Makes the connections. */
    @FunctionalInterface
    interface ConnectionFactory {
        List<RelayConnection> connections(Incoming incoming, RelayConnection.Owner owner);
    }

    RmbSession(Parts parts) {
        this.address = parts.address();
        this.seal = parts.seal();
        this.clock = parts.clock();
        this.threads = parts.threads();
        this.receiver = parts.receiver();
        this.owned = parts.owned();
        this.queued = new Budget(parts.settings().queuedMessages(), parts.settings().queuedBytes());
        this.relays =
                new Relays(
                        owner -> parts.connections().connections(this::received, owner),
                        parts.settings(),
                        threads,
                        new Lost(parts.listener()));
    }

    /** Tells of losses inside, too. */
    private final class Lost implements SessionListener {
        private final SessionListener listener;

        Lost(SessionListener listener) {
            this.listener = listener;
        }

        @Override
        public void connected(URI relay) {
            listener.connected(relay);
        }

        @Override
        public void notConnected(URI relay, RelayConnectException reason) {
            listener.notConnected(relay, reason);
        }

        @Override
        public void disconnected(URI relay) {
            listener.disconnected(relay);
            try {
                threads.workers().execute(onLost);
            } catch (RejectedExecutionException e) {
                LOG.trace("Closed meanwhile", e);
            }
        }
    }

    /** Runs this after each loss of a connection. */
    void onLost(Runnable task) {
        onLost = task;
    }

    /** Starts the description of a session. */
    public static RmbSessionBuilder builder() {
        return new RmbSessionBuilder();
    }

    /**
     * Connects, again and again until closed.
     *
     * @return completes on a thread of the session's when the first relay is connected; fails with
     *     {@link RelayConnectException} when each of them failed once, and the session goes on
     *     trying
     */
    CompletionStage<Void> open() {
        return relays.open();
    }

    /** Where messages to this session go. */
    public Address address() {
        return address;
    }

    /** Whether any relay is connected right now. */
    public boolean isConnected() {
        return !connectedRelays().isEmpty();
    }

    /** The relays that are connected right now, the one that is sent over first. */
    public List<URI> connectedRelays() {
        return relays.openRelays();
    }

    /** What runs for this session: its loop, its workers, and its callbacks. */
    ClientThreads threads() {
        return threads;
    }

    /**
     * Sends an envelope once, and never twice.
     *
     * @see #send(Envelope, boolean)
     */
    public CompletionStage<Void> send(Envelope draft) {
        return send(draft, false);
    }

    /**
     * Sends an envelope. Source, timestamp, signature and, where it is encrypted, the payload are
     * set here; uid, destination, kind, expiration and plain payload are the caller's. Returns at
     * once, but for the time it takes to encrypt and sign.
     *
     * @param draft its expiration says for how many seconds the relay keeps it, and this session
     *     while it is not connected, but at least for a second
     * @param repeatable whether it does no harm if it arrives twice: it is then written again when
     *     the connection ends while it is written
     * @return completes when it is written to a connection, which does not mean that the relay has
     *     it. Fails with {@link UnknownTwinException}, {@link LookUpException}, {@link
     *     CannotEncryptException}, {@link SigningException}, {@link SendQueueFullException}, {@link
     *     NotConnectedException} if there was no connection in its time, {@link
     *     DeliveryUncertainException}, {@link EnvelopeTooLargeException} or {@link
     *     ClientClosedException}. Dependents run on threads of the session's and must not block
     * @throws IllegalArgumentException if it has another source, or no destination
     */
    public CompletionStage<Void> send(Envelope draft, boolean repeatable) {
        Address source = Envelopes.fromProto(draft.getSource());
        if (source != null && !source.equals(address)) {
            throw new IllegalArgumentException("the source is " + source + ", not " + address);
        }
        return send(draft, repeatable, deadline(draft));
    }

    /**
     * @param deadline of {@link System#nanoTime}; not sent after it
     */
    CompletionStage<Void> send(Envelope draft, boolean repeatable, long deadline) {
        var sent = new CompletableFuture<Void>();
        send(
                draft.toBuilder(),
                new Dispatch(draft.getSerializedSize(), repeatable, deadline, sent),
                queued);
        return sent;
    }

    /**
     * Something on its way to the queue and through it.
     *
     * @param size about what it takes
     * @param deadline of {@link System#nanoTime}
     * @param end what is told how it ended
     */
    record Dispatch(int size, boolean repeatable, long deadline, CompletableFuture<Void> end) {}

    /**
     * Sends an answer. It needs no room in the queue: its request holds room where it came in.
     *
     * @param done runs when it is written, or never will be
     */
    void answer(Envelope.Builder answer, Runnable done) {
        var end = new CompletableFuture<Void>();
        var unused =
                end.whenComplete((written, failure) -> {
                    if (failure != null) {
                        LOG.debug("An answer was not sent", failure);
                    }
                    done.run();
                });
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(answer.getExpiration());
        send(answer, new Dispatch(0, true, deadline, end), null);
    }

    private void send(Envelope.Builder draft, Dispatch dispatch, @Nullable Budget budget) {
        Address destination = Envelopes.fromProto(draft.getDestination());
        if (destination == null) {
            throw new IllegalArgumentException("no destination");
        }
        int size = dispatch.size();
        if (budget != null) {
            if (!budget.tryTake(size)) {
                dispatch.end().completeExceptionally(new SendQueueFullException("send queue full"));
                return;
            }
            var unused = dispatch.end().whenComplete((written, failure) -> budget.release(size));
        }
        leaving.then(
                destination,
                sealed(draft, destination),
                (sealed, failure) -> enqueue(dispatch, sealed, failure));
    }

    private CompletionStage<Envelope> sealed(Envelope.Builder draft, Address destination) {
        // The keys may be wiped already.
        if (closing.get()) {
            return CompletableFuture.failedStage(new ClientClosedException());
        }
        try {
            return seal.seal(draft, destination);
        } catch (RuntimeException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    private void enqueue(
            Dispatch dispatch, @Nullable Envelope sealed, @Nullable Throwable failure) {
        CompletableFuture<Void> end = dispatch.end();
        if (sealed == null) {
            end.completeExceptionally(unsealed(failure));
            return;
        }
        byte[] bytes = sealed.toByteArray();
        if (bytes.length > MessageAssembler.MAX_MESSAGE) {
            end.completeExceptionally(new EnvelopeTooLargeException(bytes.length));
            return;
        }
        if (end.isDone()) {
            return;
        }
        var message =
                new Outgoing(
                        ByteBuffer.wrap(bytes).asReadOnlyBuffer(),
                        dispatch.deadline(),
                        dispatch.repeatable(),
                        problem -> complete(end, problem));
        relays.send(message);
        // Whoever gives it up takes it out of the queue.
        var unused =
                end.whenComplete((written, problem) -> {
                    if (end.isCancelled()) {
                        relays.cancel(message);
                    }
                });
    }

    private RmbException unsealed(@Nullable Throwable failure) {
        Throwable cause = failure == null ? null : Causes.of(failure);
        if (cause instanceof RmbException known) {
            return known;
        }
        return closing.get() || cause == null
                ? new ClientClosedException()
                : new SigningException(cause);
    }

    private void complete(CompletableFuture<Void> end, @Nullable RmbException problem) {
        threads.complete(() -> {
            if (problem == null) {
                end.complete(null);
            } else {
                end.completeExceptionally(problem);
            }
        });
    }

    /** The end of its time by this session's clock, of {@link System#nanoTime}. */
    long deadline(Envelope draft) {
        long now = clock.instant().getEpochSecond();
        Lifetime stamped = Envelopes.lifetime(draft).stampedAt(now);
        long seconds = Math.max(1, Math.min(stamped.expiration(), LONGEST_TTL.toSeconds()));
        return System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    }

    /** On the thread that reads a connection, so that what comes takes its place at once. */
    private void received(byte[] message, Runnable done) {
        Envelope envelope;
        try {
            envelope = Envelope.parseFrom(message);
        } catch (InvalidProtocolBufferException e) {
            LOG.debug("Not an envelope: {} bytes", message.length);
            done.run();
            return;
        }
        var opened = new CompletableFuture<EnvelopeSeal.Opened>();
        Address source = Envelopes.fromProto(envelope.getSource());
        coming.then(
                source == null ? address : source,
                opened,
                (result, failure) -> deliver(envelope, result, failure, done));
        try {
            threads.workers().execute(() -> open(envelope, opened));
        } catch (RejectedExecutionException e) {
            opened.completeExceptionally(new ClientClosedException());
        }
    }

    private void open(Envelope envelope, CompletableFuture<EnvelopeSeal.Opened> opened) {
        try {
            var unused =
                    seal.open(envelope)
                            .whenComplete((result, failure) -> {
                                if (failure == null) {
                                    opened.complete(result);
                                } else {
                                    opened.completeExceptionally(failure);
                                }
                            });
        } catch (RuntimeException e) {
            opened.completeExceptionally(e);
        }
    }

    private void deliver(
            Envelope envelope,
            EnvelopeSeal.@Nullable Opened opened,
            @Nullable Throwable failure,
            Runnable done) {
        try {
            if (opened instanceof EnvelopeSeal.Opened.Good good) {
                receiver.received(
                        new ReceivedEnvelope(envelope, good.source(), good.payload(), done));
            } else if (opened instanceof EnvelopeSeal.Opened.Bad bad) {
                refuse(envelope, bad, done);
            } else {
                boolean closed = failure instanceof ClientClosedException;
                LOG.atLevel(closed ? Level.DEBUG : Level.ERROR)
                        .setCause(failure)
                        .log("A message was not opened");
                done.run();
            }
        } catch (RuntimeException e) {
            LOG.error("The receiver of {} failed", address, e);
            done.run();
        }
    }

    private void refuse(Envelope envelope, EnvelopeSeal.Opened.Bad bad, Runnable done) {
        LOG.debug("Refused {}: {}", envelope.getMessageCase(), bad.reason());
        receiver.refused(envelope, bad.code(), bad.reason());
        if (envelope.hasRequest() && Envelopes.fromProto(envelope.getSource()) != null) {
            answer(error(envelope, bad.code(), bad.reason()), done);
        } else {
            done.run();
        }
    }

    /**
     * How a request is answered with an error.
     *
     * @param code of {@link ErrorCodes}, or the service's own
     */
    static Envelope.Builder error(Envelope request, int code, String text) {
        return answerTo(request).setError(Error.newBuilder().setCode(code).setMessage(text));
    }

    /** An answer without its contents. */
    static Envelope.Builder answerTo(Envelope request) {
        return Envelope.newBuilder()
                .setUid(request.getUid())
                .setExpiration(Envelopes.RELAY_ERROR_EXPIRATION)
                .setDestination(request.getSource());
    }

    /**
     * Sends what is queued, for two seconds at most, and closes the connections. Closing again does
     * nothing.
     */
    @Override
    public void close() {
        close(() -> {});
    }

    /**
     * @param meanwhile runs when the connections are closed, before the threads end
     */
    void close(Runnable meanwhile) {
        if (!closing.compareAndSet(false, true)) {
            return;
        }
        CompletableFuture<Void> closed = relays.close().toCompletableFuture();
        try {
            closed.get(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the connections did not close", e);
        } finally {
            meanwhile.run();
            threads.close();
            closeOwned();
        }
    }

    private void closeOwned() {
        for (AutoCloseable one : owned) {
            try {
                one.close();
            } catch (Exception e) {
                LOG.warn("Cannot be closed: {}", one.getClass().getSimpleName(), e);
            }
        }
    }

    /** Waits for a session to open; closes it if it does not. */
    static <T> T connected(CompletionStage<Void> open, Supplier<T> whole, Runnable close) {
        try {
            open.toCompletableFuture().get();
            return whole.get();
        } catch (InterruptedException e) {
            close.run();
            Thread.currentThread().interrupt();
            throw new ClientClosedException();
        } catch (ExecutionException e) {
            close.run();
            if (e.getCause() instanceof RmbException known) {
                throw known;
            }
            throw new IllegalStateException(e.getCause());
        }
    }
}
