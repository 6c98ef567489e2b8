package dev.rmb.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.rmb.proto.Envelope;
import dev.rmb.proto.Error;
import dev.rmb.proto.Response;
import dev.rmb.protocol.Address;
import dev.rmb.protocol.envelope.Envelopes;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what is received to whom it concerns: answers to the calls that wait for them, requests to
 * their handlers, the rest to the listener.
 */
final class Inbox implements Incoming {
    /** The protocol's code for a payload that cannot be decrypted. */
    private static final int CANNOT_DECRYPT = 106;

    /**
     * How long an answer may wait for a caller that is away; the relay's own errors have the same.
     */
    private static final long ANSWER_EXPIRATION = Envelopes.RELAY_ERROR_EXPIRATION;

    private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);

    private final PendingCalls calls;
    private final Map<String, RequestHandler> handlers;
    private final @Nullable RequestHandler otherHandler;
    private final @Nullable Consumer<Envelope> listener;
    private final ClientThreads threads;
    private final BiConsumer<Envelope.Builder, Runnable> answers;

    /**
     * For one client.
     *
     * @param calls that wait for answers
     * @param routes where everything else goes
     * @param threads where that runs
     * @param answers sends an answer, and runs the runnable when it is sent or lost
     */
    Inbox(
            PendingCalls calls,
            Routes routes,
            ClientThreads threads,
            BiConsumer<Envelope.Builder, Runnable> answers) {
        this.calls = calls;
        this.handlers = routes.handlers();
        this.otherHandler = routes.otherHandler();
        this.listener = routes.listener();
        this.threads = threads;
        this.answers = answers;
    }

    /**
     * What a client does with what is not an answer to its calls.
     *
     * @param handlers by command
     * @param otherHandler for requests with other commands, if any
     * @param listener for all the rest, if any
     */
    record Routes(
            Map<String, RequestHandler> handlers,
            @Nullable RequestHandler otherHandler,
            @Nullable Consumer<Envelope> listener) {
        Routes {
            handlers = Map.copyOf(handlers);
        }
    }

    @Override
    public void received(byte[] message, Runnable done) {
        Envelope envelope;
        try {
            envelope = Envelope.parseFrom(message);
        } catch (InvalidProtocolBufferException e) {
            LOG.debug("Not an envelope: {} bytes", message.length);
            done.run();
            return;
        }
        try {
            dispatch(envelope, done);
        } catch (RejectedExecutionException e) {
            LOG.debug("Received while closing, and dropped");
            done.run();
        }
    }

    private void dispatch(Envelope envelope, Runnable done) {
        Address source = Envelopes.fromProto(envelope.getSource());
        if (envelope.hasRequest() && source != null) {
            request(new Request(source, envelope), done);
        } else if ((envelope.hasResponse() || envelope.hasError()) && calls.answer(envelope)) {
            // Bounded by the calls that may wait.
            done.run();
        } else {
            tellListener(envelope, done);
        }
    }

    private void request(Request request, Runnable done) {
        RequestHandler handler = handlers.getOrDefault(request.command(), otherHandler);
        if (handler != null && request.envelope().hasCipher()) {
            send(request, error(request, CANNOT_DECRYPT, "cannot decrypt the payload"), done);
        } else if (handler != null) {
            threads.handlers().execute(() -> serve(handler, request, done));
        } else if (listener != null) {
            tellListener(request.envelope(), done);
        } else {
            send(request, error(request, HandlerException.HANDLER_FAILED, "unknown command"), done);
        }
    }

    private void serve(RequestHandler handler, Request request, Runnable done) {
        handle(handler, request)
                .thenApply(payload -> response(request, payload))
                .exceptionally(failure -> error(request, failure))
                .thenAccept(answer -> send(request, answer, done));
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

    private void send(Request request, Envelope.Builder answer, Runnable done) {
        try {
            answers.accept(answer, done);
        } catch (IllegalArgumentException e) {
            LOG.warn("The answer to {} is too large", request.command(), e);
            answers.accept(
                    error(request, HandlerException.HANDLER_FAILED, "answer too large"), done);
        } catch (IllegalStateException e) {
            LOG.warn("Cannot sign the answer to {}", request.command(), e);
            done.run();
        }
    }

    private static Envelope.Builder response(Request request, byte[] payload) {
        return answerTo(request)
                .setResponse(Response.getDefaultInstance())
                .setPlain(ByteString.copyFrom(payload));
    }

    private static Envelope.Builder error(Request request, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
        if (cause instanceof HandlerException told) {
            return error(request, told.code(), told.text());
        }
        LOG.warn("The handler of {} failed", request.command(), cause);
        return error(request, HandlerException.HANDLER_FAILED, "the handler failed");
    }

    private static Envelope.Builder error(Request request, int code, String text) {
        return answerTo(request).setError(Error.newBuilder().setCode(code).setMessage(text));
    }

    private static Envelope.Builder answerTo(Request request) {
        return Envelope.newBuilder()
                .setUid(request.envelope().getUid())
                .setExpiration(ANSWER_EXPIRATION)
                .setDestination(request.envelope().getSource());
    }

    private void tellListener(Envelope envelope, Runnable done) {
        if (listener == null) {
            LOG.debug("Nobody waits for {} {}", envelope.getMessageCase(), envelope.getUid());
            done.run();
            return;
        }
        threads.callbacks().execute(() -> tell(listener, envelope, done));
    }

    private static void tell(Consumer<Envelope> listener, Envelope envelope, Runnable done) {
        try {
            listener.accept(envelope);
        } catch (RuntimeException e) {
            LOG.warn("The listener failed at {}", envelope.getUid(), e);
        } finally {
            done.run();
        }
    }
}
