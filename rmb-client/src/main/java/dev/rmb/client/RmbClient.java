package dev.rmb.client;

import com.google.protobuf.ByteString;
import dev.rmb.proto.Envelope;
import dev.rmb.proto.Request;
import dev.rmb.protocol.Address;
import dev.rmb.protocol.envelope.Envelopes;
import dev.rmb.protocol.envelope.Lifetime;
import dev.rmb.protocol.identity.Signer;
import dev.rmb.protocol.token.Tokens;
import java.net.http.HttpClient;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A twin's connection to a relay: calls other twins, and serves theirs.
 *
 * <pre>{@code
 * try (RmbClient client =
 *         RmbClient.builder()
 *                 .relay(URI.create("wss://relay.example.org"))
 *                 .twin(7)
 *                 .signer(keys)
 *                 .handle("calculator.add", request -> completedFuture(add(request.payload())))
 *                 .connect()) {
 *     Reply reply = client.call(Address.of(8), "greet", name, Duration.ofSeconds(10))
 *             .toCompletableFuture().join();
 * }
 * }</pre>
 *
 * <p><b>Connection.</b> When it is lost the client connects again, until it is closed. Calls wait
 * through that: one that was not sent yet is sent afterwards, the answer of one that was sent may
 * still come. What was written is not sent again, so a call whose request was on its way to the
 * relay when the connection broke may go unanswered; what is not answered within its TTL fails. An
 * envelope whose writing failed half-way is sent again under the same uid.
 *
 * <p><b>Threads.</b> Listener and dependents of returned stages run on one callback thread, one
 * after the other: waiting there for this client's own answers waits forever. Handlers run on
 * threads of their own and may block. All threads are daemons.
 *
 * <p><b>Bounds.</b> What is sent waits in a bounded queue; beyond it sending fails with {@link
 * SendQueueFullException}. What is received and not worked off is bounded, too; beyond it nothing
 * is read, and the messages wait at the relay.
 *
 * <p><b>What is verified.</b> Every envelope that leaves is signed by the twin's key, so that the
 * other side can verify it. What arrives is <em>not</em> verified yet, and payloads are not
 * encrypted: both need the keys of other twins, and this version has no directory of them. A source
 * is what the relay says it is; use {@code wss} and a relay you trust. Encrypted payloads are
 * refused, not shown.
 *
 * <p>Thread-safe.
 */
public final class RmbClient implements AutoCloseable {
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    /** What no deadline ends within the life of a client. */
    private static final Duration LONGEST_TTL = Duration.ofDays(365);

    private final Address address;
    private final Signer signer;
    private final InstantSource clock;
    private final ClientThreads threads;
    private final PendingCalls calls;
    private final Budget queued;
    private final Connection connection;
    private final AtomicBoolean closing = new AtomicBoolean();

    RmbClient(
            Address address,
            Signer signer,
            Duration tokenLifetime,
            InstantSource clock,
            ConnectionSettings settings,
            Inbox.Routes routes,
            HttpClient.Builder http,
            ClientThreads threads) {
        this.address = address;
        this.signer = signer;
        this.clock = clock;
        this.threads = threads;
        this.calls = new PendingCalls(settings.pendingCalls(), threads.callbacks());
        this.queued = new Budget(settings.queuedMessages(), settings.queuedBytes());
        this.connection =
                new Connection(
                        settings,
                        () -> token(tokenLifetime),
                        http,
                        threads,
                        new Inbox(calls, routes, threads, this::answer));
    }

    /** Starts the description of a client. */
    public static RmbClientBuilder builder() {
        return new RmbClientBuilder();
    }

    private String token(Duration lifetime) {
        long now = clock.instant().getEpochSecond();
        return Tokens.issue(
                signer, address.twin(), address.connection(), now, now + lifetime.toSeconds());
    }

    /** Connects for the first time; closes the client if that fails. */
    CompletionStage<RmbClient> open() {
        var opened = new CompletableFuture<RmbClient>();
        connection
                .open()
                .whenComplete((open, failure) -> {
                    if (failure == null) {
                        threads.callbacks().execute(() -> opened.complete(this));
                    } else {
                        threads.callbacks().execute(() -> opened.completeExceptionally(failure));
                        close();
                    }
                });
        return opened;
    }

    /** Where messages to this client go. */
    public Address address() {
        return address;
    }

    /** Whether there is a connection to the relay right now. */
    public boolean isConnected() {
        return connection.isOpen();
    }

    /**
     * Calls a service.
     *
     * @param to the address that serves it
     * @param command what it should run
     * @param payload with what; copied
     * @param ttl how long to wait for an answer, more than zero
     * @return the answer; see {@link #call(Call)}
     */
    public CompletionStage<Reply> call(Address to, String command, byte[] payload, Duration ttl) {
        return call(Call.of(to, command).withPayload(payload).withTtl(ttl));
    }

    /**
     * Calls a service.
     *
     * @return the answer. Fails with {@link RemoteErrorException} if an error was answered, {@link
     *     CallTimeoutException} if nothing was in time, {@link NotConnectedException} if it could
     *     not even be sent in that time, {@link SendQueueFullException} if too much is under way,
     *     {@link UnreadablePayloadException}, {@link ClientClosedException}. Cancelling its future
     *     ({@link CompletionStage#toCompletableFuture}) gives the call up.
     * @throws IllegalArgumentException if the envelope would be larger than 16 MiB
     */
    public CompletionStage<Reply> call(Call call) {
        String uid = UUID.randomUUID().toString();
        ByteBuffer bytes = sealed(request(uid, call));
        if (!queued.tryTake(bytes.remaining())) {
            return CompletableFuture.failedStage(new SendQueueFullException("send queue full"));
        }
        PendingCalls.Pending pending = calls.add(uid, call);
        if (pending == null) {
            queued.release(bytes.remaining());
            return CompletableFuture.failedStage(
                    new SendQueueFullException("too many calls wait for answers"));
        }
        long ttl = nanos(call.ttl());
        var released = new AtomicBoolean();
        Runnable release =
                () -> {
                    if (released.compareAndSet(false, true)) {
                        queued.release(bytes.remaining());
                    }
                };
        var message =
                new Outgoing(
                        bytes,
                        System.nanoTime() + ttl,
                        failure -> {
                            release.run();
                            if (failure == null) {
                                pending.sent();
                            } else {
                                calls.fail(pending, failure);
                            }
                        });
        connection.send(message);
        expireIn(pending, ttl);
        var unused =
                pending.reply()
                        .whenComplete((reply, failure) -> {
                            calls.forget(pending);
                            if (!pending.isSent()) {
                                connection.cancel(message);
                            }
                            release.run();
                        });
        return pending.reply();
    }

    private Envelope.Builder request(String uid, Call call) {
        Envelope.Builder envelope =
                Envelope.newBuilder()
                        .setUid(uid)
                        .setExpiration(Math.max(1, call.ttl().plusMillis(999).toSeconds()))
                        .setDestination(Envelopes.toProto(call.to()))
                        .setRequest(Request.newBuilder().setCommand(call.command()))
                        .setPlain(ByteString.copyFrom(call.payload()));
        if (call.schema() != null) {
            envelope.setSchema(call.schema());
        }
        if (call.tags() != null) {
            envelope.setTags(call.tags());
        }
        return envelope;
    }

    private void expireIn(PendingCalls.Pending pending, long nanos) {
        try {
            var timer =
                    threads.loop()
                            .schedule(() -> calls.expire(pending), nanos, TimeUnit.NANOSECONDS);
            var unused = pending.reply().whenComplete((reply, failure) -> timer.cancel(false));
        } catch (RejectedExecutionException e) {
            calls.fail(pending, new ClientClosedException());
        }
    }

    /**
     * Sends an envelope as it is, but for what makes it this client's: source, timestamp and
     * signature are set here. Answers to it go to the listener.
     *
     * @param envelope its expiration says for how many seconds the relay keeps it, and this client
     *     while it is not connected, but at least for a second
     * @return completes when the envelope is written to the socket, which does not mean that the
     *     relay has it. Fails with {@link SendQueueFullException} at once when the queue is full,
     *     {@link NotConnectedException} when there was no connection in its time, or {@link
     *     ClientClosedException}
     * @throws IllegalArgumentException if it has another source, or more than 16 MiB
     */
    public CompletionStage<Void> send(Envelope envelope) {
        Address source = Envelopes.fromProto(envelope.getSource());
        if (source != null && !source.equals(address)) {
            throw new IllegalArgumentException("the source is " + source + ", not " + address);
        }
        ByteBuffer bytes = sealed(envelope.toBuilder());
        int length = bytes.remaining();
        if (!queued.tryTake(length)) {
            return CompletableFuture.failedStage(new SendQueueFullException("send queue full"));
        }
        var sent = new CompletableFuture<Void>();
        connection.send(
                new Outgoing(
                        bytes,
                        deadline(envelope),
                        failure -> complete(sent, failure, () -> queued.release(length))));
        return sent;
    }

    private long deadline(Envelope envelope) {
        long now = clock.instant().getEpochSecond();
        Lifetime stamped = Envelopes.lifetime(envelope).stampedAt(now);
        long seconds = Math.max(1, Math.min(stamped.expiration(), LONGEST_TTL.toSeconds()));
        return System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    }

    private void complete(
            CompletableFuture<Void> sent, @Nullable RmbException failure, Runnable release) {
        threads.callbacks()
                .execute(() -> {
                    release.run();
                    if (failure == null) {
                        sent.complete(null);
                    } else {
                        sent.completeExceptionally(failure);
                    }
                });
    }

    /**
     * Sends an answer. Needs no room in the queue: its request holds room in the receive window.
     */
    private void answer(Envelope.Builder answer, Runnable done) {
        long ttl = TimeUnit.SECONDS.toNanos(answer.getExpiration());
        connection.send(
                new Outgoing(sealed(answer), System.nanoTime() + ttl, failure -> done.run()));
    }

    private ByteBuffer sealed(Envelope.Builder envelope) {
        envelope.setSource(Envelopes.toProto(address));
        Envelopes.stamp(envelope, clock.instant().getEpochSecond());
        byte[] bytes = Envelopes.sign(envelope, signer).toByteArray();
        if (bytes.length > MessageAssembler.MAX_MESSAGE) {
            throw new IllegalArgumentException("an envelope of " + bytes.length + " bytes");
        }
        return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }

    private static long nanos(Duration ttl) {
        return (ttl.compareTo(LONGEST_TTL) > 0 ? LONGEST_TTL : ttl).toNanos();
    }

    /**
     * Sends what is queued, for two seconds at most, and closes the connection. Calls that still
     * wait fail with {@link ClientClosedException}. Closing again does nothing.
     */
    @Override
    public void close() {
        if (!closing.compareAndSet(false, true)) {
            return;
        }
        CompletableFuture<Void> closed = connection.close().toCompletableFuture();
        try {
            closed.get(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the connection did not close", e);
        } finally {
            calls.failAll(new ClientClosedException());
            threads.close();
        }
    }
}
