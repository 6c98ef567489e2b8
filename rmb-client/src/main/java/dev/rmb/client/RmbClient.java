package dev.rmb.client;

import com.fasterxml.jackson.core.type.TypeReference;
import com.google.protobuf.ByteString;
import dev.rmb.proto.Envelope;
import dev.rmb.proto.Request;
import dev.rmb.protocol.Address;
import dev.rmb.protocol.envelope.Envelopes;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A twin that calls other twins, and serves their calls.
 *
 * <pre>{@code
 * try (RmbClient client =
 *         RmbClient.builder()
 *                 .relay(URI.create("wss://relay.example.org"))
 *                 .twin(7)
 *                 .secret(mnemonic)
 *                 .serve(new Router().handleJson("calculator.add", Sum.class, (sum, request) -> sum.a() + sum.b()))
 *                 .connect()) {
 *     CompletionStage<Greeting> greeting =
 *             client.callJson(Address.of(8), "greet", new Name("world"), Greeting.class);
 *     Reply reply = client.await(Call.of(Address.of(8), "greet"));     // on a thread that may wait
 * }
 * }</pre>
 *
 * <p><b>Connections.</b> It is connected to all of its twin's relays, and sends over the first that
 * is open. Lost connections come back by themselves, until it is closed. Calls wait through that:
 * one that was not sent yet is sent afterwards, the answer of one that was sent may still come.
 *
 * <p><b>Never twice.</b> What was written to a connection is not written again, as the service
 * would run it twice: if the connection broke before the relay had it, the call goes unanswered and
 * fails when its TTL ends. A call that says that it is {@linkplain Call#idempotent idempotent} is
 * sent again under the same uid. Requests that come again (same sender, same uid) are not run again
 * here, as far back as 16,384 requests, but answered as before.
 *
 * <p><b>What is verified.</b> Everything that leaves is signed, and encrypted if the destination
 * has a key. What comes is verified and decrypted, or refused; an answer is only taken from the
 * twin that was called. Errors of relays are not signed, and believed.
 *
 * <p><b>Threads.</b> Listener and dependents of returned stages run on one callback thread, one
 * after the other: waiting there for this client's own answers waits forever. Handlers run on
 * threads of their own and may block. All threads are daemons.
 *
 * <p><b>Bounds.</b> Calls in flight, requests in progress, what waits to be sent and what is
 * received and not worked off are bounded; see {@link RmbClientBuilder}. Handlers may call others
 * through their own client: while its calls wait for answers, a client that has too many requests
 * waiting refuses the latest with {@link ErrorCodes#OTHER}, as the answers are behind them.
 *
 * <p>Thread-safe.
 */
public final class RmbClient implements AutoCloseable {
    private static final long MILLIS_TO_ROUND_UP = 999;

    /** What no wait ends within the life of a client. */
    private static final Duration LONGEST_WAIT = Duration.ofDays(365);

    /** A call ends with its TTL; whoever waits for it stops waiting then even if it does not. */
    private static final Duration SLACK = Duration.ofSeconds(10);

    private final RmbSession session;
    private final ClientMetrics metrics;
    private final PendingCalls calls;
    private final Inbox inbox;

    RmbClient(RmbSession session, Inbox inbox, ClientMetrics metrics, int callsInFlight) {
        this.session = session;
        this.metrics = metrics;
        this.inbox = inbox;
        this.calls = new PendingCalls(callsInFlight, session.threads().callbacks());
        inbox.belongsTo(session, calls);
        session.onLost(this::sendAgain);
    }

    /** Starts the description of a client. */
    public static RmbClientBuilder builder() {
        return new RmbClientBuilder();
    }

    CompletionStage<Void> open() {
        return session.open();
    }

    /** Ends {@link #open} for somebody who waits, on the callback thread. */
    void complete(CompletableFuture<RmbClient> opened, @Nullable Throwable failure) {
        if (failure == null) {
            session.threads().complete(() -> opened.complete(this));
        } else {
            session.threads().complete(() -> opened.completeExceptionally(Causes.of(failure)));
            // Not on the loop, which closing waits for.
            session.threads().handlers().execute(this::close);
        }
    }

    /** Where messages to this client go. */
    public Address address() {
        return session.address();
    }

    /** Whether there is a connection to any relay right now. */
    public boolean isConnected() {
        return session.isConnected();
    }

    /** The relays that are connected right now, the one that is sent over first. */
    public List<URI> connectedRelays() {
        return session.connectedRelays();
    }

    /** How many calls wait for their answers. */
    public int callsInFlight() {
        return calls.size();
    }

    /**
     * Calls a service.
     *
     * @param to the address that serves it
     * @param command what it should run
     * @param payload with what; copied
     * @return the answer; see {@link #call(Call)}
     */
    public CompletionStage<Reply> call(Address to, String command, byte[] payload) {
        return call(Call.of(to, command).withPayload(payload));
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
     * Calls a service with JSON.
     *
     * @param to the address that serves it
     * @param command what it should run
     * @param body with what, written as JSON
     * @param answer what the answer is read as
     * @return the answer; fails as {@link #call(Call)}, and with {@link UnreadablePayloadException}
     *     if the answer is not JSON of that type. Cancelling its future gives the call up
     * @throws IllegalArgumentException if the body cannot be written as JSON
     */
    public <T> CompletionStage<T> callJson(
            Address to, String command, @Nullable Object body, Class<T> answer) {
        return read(call(Call.of(to, command).withJson(body)), reply -> reply.json(answer));
    }

    /**
     * Calls a service with JSON, for an answer of a generic type.
     *
     * @see #callJson(Address, String, Object, Class)
     */
    public <T> CompletionStage<T> callJson(
            Address to, String command, @Nullable Object body, TypeReference<T> answer) {
        return read(call(Call.of(to, command).withJson(body)), reply -> reply.json(answer));
    }

    /** Reads an answer; whoever gives up what is read gives up the call. */
    private static <T> CompletionStage<T> read(
            CompletionStage<Reply> reply, Function<Reply, T> reader) {
        CompletableFuture<T> read = reply.thenApply(reader).toCompletableFuture();
        var unused =
                read.whenComplete((value, failure) -> {
                    if (read.isCancelled()) {
                        reply.toCompletableFuture().cancel(false);
                    }
                });
        return read;
    }

    /**
     * Calls a service.
     *
     * @return the answer. Fails with {@link RemoteErrorException} if an error was answered, {@link
     *     CallTimeoutException} if nothing was in time, {@link NotConnectedException} if it could
     *     not even be sent in that time, {@link SendQueueFullException} if too much is under way,
     *     {@link UnknownTwinException}, {@link LookUpException}, {@link CannotEncryptException},
     *     {@link UnreadablePayloadException}, {@link ClientClosedException}. Cancelling its future
     *     ({@link CompletionStage#toCompletableFuture}) gives the call up
     * @throws IllegalArgumentException if the envelope would be larger than 16 MiB
     */
    public CompletionStage<Reply> call(Call call) {
        Envelope request = request(UUID.randomUUID().toString(), call);
        PendingCalls.Pending pending = calls.add(request.getUid(), call);
        if (pending == null) {
            metrics.called(call.command(), ClientMetrics.Outcome.NOT_SENT, Duration.ZERO);
            return CompletableFuture.failedStage(
                    new SendQueueFullException("too many calls wait for answers"));
        }
        start(pending, request);
        return pending.reply();
    }

    /**
     * Calls a service and waits for its answer, on a thread that may wait: a virtual one, for
     * example. If too many calls are in flight, it waits for room, too. An interrupt gives the call
     * up. Not to be called on the callback thread.
     *
     * @return the answer
     * @throws RmbException what {@link #call(Call)} would fail with
     * @throws InterruptedException if the thread was interrupted
     */
    public Reply await(Call call) throws InterruptedException {
        // Room, and then the answer.
        Duration time = call.ttl().compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : call.ttl();
        return await(call, time, time.multipliedBy(2).plus(SLACK));
    }

    /**
     * Calls a service and waits for its answer, as {@link #await(Call)}, but no longer than this,
     * the wait for room included. The call is given up then, also when its TTL is longer.
     *
     * @param time more than zero
     * @return the answer
     * @throws CallTimeoutException if it did not come in that time
     * @throws RmbException what {@link #call(Call)} would fail with
     * @throws InterruptedException if the thread was interrupted
     */
    public Reply await(Call call, Duration time) throws InterruptedException {
        if (time.isNegative() || time.isZero()) {
            throw new IllegalArgumentException("an answer needs time: " + time);
        }
        Duration longest = time.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : time;
        Duration room = call.ttl().compareTo(longest) > 0 ? longest : call.ttl();
        return await(call, room, longest);
    }

    private Reply await(Call call, Duration room, Duration whole) throws InterruptedException {
        long deadline = System.nanoTime() + whole.toNanos();
        Envelope request = request(UUID.randomUUID().toString(), call);
        PendingCalls.Pending pending = calls.addWithin(room, request.getUid(), call);
        if (pending == null) {
            metrics.called(call.command(), ClientMetrics.Outcome.NOT_SENT, room);
            throw new SendQueueFullException("too many calls wait for answers");
        }
        start(pending, request);
        try {
            return pending.reply().get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            pending.reply().cancel(false);
            throw e;
        } catch (TimeoutException e) {
            var late = new CallTimeoutException(call.to(), call.command(), whole);
            pending.reply().completeExceptionally(late);
            throw late;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RmbException known) {
                throw known;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private static Envelope request(String uid, Call call) {
        return request(uid, call, call.ttl());
    }

    /**
     * @param time for how long it may still be answered
     */
    private static Envelope request(String uid, Call call, Duration time) {
        Envelope.Builder envelope =
                Envelope.newBuilder()
                        .setUid(uid)
                        .setExpiration(Math.max(1, time.plusMillis(MILLIS_TO_ROUND_UP).toSeconds()))
                        .setDestination(Envelopes.toProto(call.to()))
                        .setRequest(Request.newBuilder().setCommand(call.command()))
                        .setPlain(ByteString.copyFrom(call.payload()));
        if (call.schema() != null) {
            envelope.setSchema(call.schema());
        }
        if (call.tags() != null) {
            envelope.setTags(call.tags());
        }
        Envelope request = envelope.build();
        if (request.getSerializedSize() > MessageAssembler.MAX_PAYLOAD) {
            throw new IllegalArgumentException(
                    "an envelope of " + request.getSerializedSize() + " bytes");
        }
        return request;
    }

    private void start(PendingCalls.Pending pending, Envelope request) {
        inbox.callBegins();
        Call call = pending.call();
        long at = System.nanoTime();
        CompletableFuture<Void> sending =
                session.send(request, call.isIdempotent(), pending.endsAt()).toCompletableFuture();
        var unused = sending.whenComplete((written, failure) -> written(pending, failure));
        expireInTime(pending);
        var unusedEnd =
                pending.reply()
                        .whenComplete((reply, failure) -> {
                            calls.forget(pending);
                            sending.cancel(false);
                            metrics.called(
                                    call.command(),
                                    outcome(failure),
                                    Duration.ofNanos(System.nanoTime() - at));
                        });
    }

    private void written(PendingCalls.Pending pending, @Nullable Throwable failure) {
        Throwable cause = failure == null ? null : Causes.of(failure);
        if (cause == null || cause instanceof DeliveryUncertainException) {
            // It may have been received. The answer will tell, or the end of its time.
            pending.sent();
        } else if (cause instanceof RmbException known) {
            calls.fail(pending, known);
        }
    }

    private static ClientMetrics.Outcome outcome(@Nullable Throwable failure) {
        if (failure == null) {
            return ClientMetrics.Outcome.ANSWERED;
        }
        if (failure instanceof RemoteErrorException error) {
            return error.isFromRelay()
                    ? ClientMetrics.Outcome.RELAY_ERROR
                    : ClientMetrics.Outcome.ERROR;
        }
        if (failure instanceof CallTimeoutException) {
            return ClientMetrics.Outcome.TIMEOUT;
        }
        if (failure instanceof CancellationException) {
            return ClientMetrics.Outcome.CANCELLED;
        }
        return failure instanceof UnreadablePayloadException
                ? ClientMetrics.Outcome.ERROR
                : ClientMetrics.Outcome.NOT_SENT;
    }

    private void expireInTime(PendingCalls.Pending pending) {
        long nanos = pending.endsAt() - System.nanoTime();
        try {
            var timer =
                    session.threads()
                            .loop()
                            .schedule(() -> calls.expire(pending), nanos, TimeUnit.NANOSECONDS);
            var unused = pending.reply().whenComplete((reply, failure) -> timer.cancel(false));
        } catch (RejectedExecutionException e) {
            calls.fail(pending, new ClientClosedException());
        }
    }

    /** After a connection was lost: its calls may or may not have arrived. */
    private void sendAgain() {
        for (PendingCalls.Pending pending : calls.repeatable()) {
            Duration left = Duration.ofNanos(pending.endsAt() - System.nanoTime());
            if (left.isNegative() || left.isZero()) {
                continue;
            }
            metrics.resent();
            var unused =
                    session.send(
                            request(pending.uid(), pending.call(), left), true, pending.endsAt());
        }
    }

    /**
     * Sends an envelope that is no call; see {@link RmbSession#send(Envelope)}. Answers to it go to
     * the listener.
     *
     * @throws IllegalArgumentException if it has another source, no destination, or more than 16
     *     MiB
     */
    public CompletionStage<Void> send(Envelope envelope) {
        return session.send(envelope);
    }

    /**
     * Sends what is queued, for two seconds at most, and closes the connections. Calls that still
     * wait fail with {@link ClientClosedException}. Closing again does nothing.
     */
    @Override
    public void close() {
        session.close(() -> calls.failAll(new ClientClosedException()));
    }
}
