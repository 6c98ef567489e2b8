package dev.rmb.client;

import com.google.protobuf.ByteString;
import dev.rmb.proto.Envelope;
import dev.rmb.proto.Response;
import dev.rmb.protocol.Address;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Brings what is received to whom it concerns: answers to the calls that wait for them, requests to
 * their handlers, the rest to the listener. Thread-safe.
 */
final class Inbox implements EnvelopeReceiver {
    private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);

    /** At 100 bytes each, some MiB; at 1,000 requests a second, a quarter of a minute. */
    private static final int REMEMBERED = 16 * 1024;

    /** Of the answers to them. */
    private static final long REMEMBERED_BYTES = 16L << 20;

    /** Of the requests that are with handlers. */
    private static final long SERVED_BYTES = MessageAssembler.MAX_MESSAGE;

    /**
     * What may wait for a handler while own calls wait for answers: less than is read ahead of a
     * relay, so that the answers are read.
     */
    private static final ServingLimit.Bound WAITING =
            new ServingLimit.Bound(
                    SessionSettings.DEFAULTS.receivedMessages() * 3 / 4,
                    SessionSettings.DEFAULTS.receivedBytes() * 3 / 4);

    private final Router.Routes routes;
    private final @Nullable Consumer<Envelope> listener;
    private final ClientMetrics metrics;
    private final ServingLimit serving;
    private final Seldom warnings = new Seldom(Duration.ofMinutes(1));
    private final SeenRequests seen = new SeenRequests(REMEMBERED, REMEMBERED_BYTES);
    private final CompletableFuture<Destinations> destinations = new CompletableFuture<>();

    /** What it needs of the client, which needs it to be made. */
    private record Destinations(RmbSession session, PendingCalls calls) {}

    /**
     * For one client.
     *
     * @param listener for what is neither an answer nor for a handler, if any
     * @param servingAtOnce how many requests may be with handlers at a time
     */
    Inbox(
            Router.Routes routes,
            @Nullable Consumer<Envelope> listener,
            ClientMetrics metrics,
            int servingAtOnce) {
        this.routes = routes;
        this.listener = listener;
        this.metrics = metrics;
        this.serving =
                new ServingLimit(new ServingLimit.Bound(servingAtOnce, SERVED_BYTES), WAITING);
    }

    /** To be called before the session is opened. */
    void belongsTo(RmbSession session, PendingCalls calls) {
        destinations.complete(new Destinations(session, calls));
    }

    /** An own call is to be answered over connections that must not be full of requests. */
    void callBegins() {
        serving.shed();
    }

    private RmbSession session() {
        return destinations.join().session();
    }

    private PendingCalls calls() {
        return destinations.join().calls();
    }

    @Override
    public void received(ReceivedEnvelope message) {
        Envelope envelope = message.envelope();
        try {
            if (envelope.hasRequest() && message.source().isPresent()) {
                request(message, message.source().get());
            } else if ((envelope.hasResponse() || envelope.hasError()) && calls().answer(message)) {
                // Bounded by the calls that may wait.
                message.done();
            } else {
                tellListener(message);
            }
        } catch (RejectedExecutionException e) {
            LOG.debug("Received while closing, and dropped");
            message.done();
        }
    }

    @Override
    public void refused(Envelope message, int code, String reason) {
        metrics.refused(code);
        boolean isSigned = code == ErrorCodes.CANNOT_DECRYPT || code == ErrorCodes.NO_PUBLIC_KEY;
        if (isSigned && message.hasResponse()) {
            calls().unreadable(message, reason);
        }
    }

    private void request(ReceivedEnvelope message, Address source) {
        var request = new Request(source, message.envelope(), message.payload());
        RequestHandler handler = routes.of(request.command());
        if (handler == null && listener != null) {
            tellListener(message);
        } else if (!seen.isNew(request)) {
            LOG.debug("Request {} of {} came again", request.envelope().getUid(), source);
            metrics.repeated();
            repeat(request, message);
        } else if (handler == null) {
            answer(
                    request,
                    error(request, ErrorCodes.HANDLER_FAILED, "unknown command"),
                    message::done);
        } else {
            serve(handler, request, message);
            if (calls().size() > 0) {
                serving.shed();
            }
        }
    }

    /** Whoever asks again has not got the answer: it may have been lost with a connection. */
    private void repeat(Request request, ReceivedEnvelope message) {
        seen.answerTo(request)
                .ifPresentOrElse(
                        answer -> session().answer(answer.toBuilder(), message::done),
                        message::done);
    }

    private void serve(RequestHandler handler, Request request, ReceivedEnvelope message) {
        long at = System.nanoTime();
        serving.run(
                new ServingLimit.Task(
                        message.envelope().getSerializedSize(),
                        served -> start(handler, request, message, served, at),
                        () -> refuse(request, message)));
    }

    private void start(
            RequestHandler handler,
            Request request,
            ReceivedEnvelope message,
            Runnable served,
            long at) {
        // From here on the limit counts it, so that others can be read while it is served: the
        // answers to its handler's own calls, for example.
        message.done();
        var serving = new Serving(served);
        try {
            long left = session().deadline(request.envelope()) - System.nanoTime();
            Future<?> timer =
                    session()
                            .threads()
                            .loop()
                            .schedule(
                                    () -> overdue(request, serving, at),
                                    left,
                                    TimeUnit.NANOSECONDS);
            session()
                    .threads()
                    .handlers()
                    .execute(() -> serve(handler, request, serving, timer, at));
        } catch (RejectedExecutionException e) {
            LOG.debug("Received while closing, and dropped");
            served.run();
        }
    }

    /** Nobody waits for its answer any more, and others wait for its place. */
    private void overdue(Request request, Serving serving, long at) {
        if (!serving.giveUp()) {
            return;
        }
        metrics.served(
                request.command(),
                ClientMetrics.Outcome.TIMEOUT,
                Duration.ofNanos(System.nanoTime() - at));
        LOG.atLevel(warnings.next() ? Level.WARN : Level.DEBUG)
                .log(
                        "The handler of {} did not answer {} in its time",
                        request.command(),
                        request.envelope().getUid());
    }

    /** It may be asked again: nothing of it is remembered. */
    private void refuse(Request request, ReceivedEnvelope message) {
        LOG.debug("Request {} is refused: too many wait", request.envelope().getUid());
        seen.forget(request);
        metrics.served(request.command(), ClientMetrics.Outcome.ERROR, Duration.ZERO);
        session()
                .answer(
                        error(request, ErrorCodes.OTHER, "too many requests, try again later"),
                        message::done);
    }

    private void serve(
            RequestHandler handler, Request request, Serving serving, Future<?> timer, long at) {
        if (!serving.begins()) {
            return;
        }
        CompletionStage<byte[]> handled;
        try {
            handled = handle(handler, request);
        } finally {
            serving.returned();
        }
        var unused =
                handled.thenApply(payload -> response(request, payload))
                        .exceptionally(failure -> error(request, failure))
                        .whenComplete((answer, failure) -> {
                            timer.cancel(false);
                            if (!serving.answers()) {
                                LOG.debug("A late answer to {} is dropped", request.command());
                                return;
                            }
                            metrics.served(
                                    request.command(),
                                    answer.hasError()
                                            ? ClientMetrics.Outcome.ERROR
                                            : ClientMetrics.Outcome.ANSWERED,
                                    Duration.ofNanos(System.nanoTime() - at));
                            answer(request, answer, serving.served());
                        });
    }

    private static CompletionStage<byte[]> handle(RequestHandler handler, Request request) {
        try {
            return Objects.requireNonNull(handler.handle(request), "no stage returned");
        } catch (Throwable e) {
            // Whatever a handler throws is an answer to its caller.
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            return CompletableFuture.failedStage(e);
        }
    }

    private void answer(Request request, Envelope.Builder answer, Runnable done) {
        if (answer.getPlain().size() > MessageAssembler.MAX_PAYLOAD) {
            LOG.warn("The answer to {} is too large", request.command());
            session()
                    .answer(
                            error(request, HandlerException.HANDLER_FAILED, "answer too large"),
                            done);
            return;
        }
        seen.answered(request, answer.build());
        session().answer(answer, done);
    }

    private static Envelope.Builder response(Request request, byte[] payload) {
        Envelope.Builder answer =
                RmbSession.answerTo(request.envelope())
                        .setResponse(Response.getDefaultInstance())
                        .setPlain(ByteString.copyFrom(payload));
        request.schema().ifPresent(answer::setSchema);
        return answer;
    }

    private static Envelope.Builder error(Request request, Throwable failure) {
        Throwable cause = Causes.of(failure);
        if (cause instanceof HandlerException told) {
            return error(request, told.code(), told.text());
        }
        LOG.warn("The handler of {} failed", request.command(), cause);
        return error(request, HandlerException.HANDLER_FAILED, "the handler failed");
    }

    private static Envelope.Builder error(Request request, int code, String text) {
        return RmbSession.error(request.envelope(), code, text);
    }

    private void tellListener(ReceivedEnvelope message) {
        Envelope envelope = message.envelope();
        if (listener == null) {
            LOG.debug("Nobody waits for {} {}", envelope.getMessageCase(), envelope.getUid());
            message.done();
            return;
        }
        session().threads().callbacks().execute(() -> tell(listener, message));
    }

    private static void tell(Consumer<Envelope> listener, ReceivedEnvelope message) {
        try {
            listener.accept(message.envelope());
        } catch (RuntimeException e) {
            LOG.warn("The listener failed at {}", message.envelope().getUid(), e);
        } finally {
            message.done();
        }
    }
}
