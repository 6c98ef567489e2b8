package dev.rmb.tfchain.rpc;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection to a node. Calls are sent as they come and answered in any order; every one ends, by
 * its answer, by time, or with the connection. Thread-safe. Answers and notifications come on
 * threads of the HTTP client, one after the other, and must not be held up.
 */
public final class RpcSocket implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RpcSocket.class);
    private static final ObjectMapper JSON =
            new ObjectMapper(
                    JsonFactory.builder()
                            .streamReadConstraints(
                                    StreamReadConstraints.builder()
                                            .maxStringLength(RpcSettings.MAX_MESSAGE)
                                            .build())
                            .build());

    /** Subscriptions are few; a node that names ever new ones is not believed. */
    private static final int MAX_SUBSCRIPTIONS = 256;

    private final RpcSettings settings;
    private final Map<Long, Call> pending = new ConcurrentHashMap<>();
    private final Map<String, Consumer<JsonNode>> subscriptions = new ConcurrentHashMap<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicLong ids = new AtomicLong();
    private final CompletableFuture<String> ended = new CompletableFuture<>();
    private final CompletableFuture<WebSocket> opened = new CompletableFuture<>();
    private volatile long heardAt = System.nanoTime();

    /** Completes when everything before has been sent: the JDK sends one message at a time. */
    private CompletableFuture<WebSocket> sent = opened;

    private RpcSocket(RpcSettings settings) {
        this.settings = settings;
    }

    /**
     * @param subscriber of what the answer names; {@code null} if it names no subscription
     */
    private record Call(
            String method,
            CompletableFuture<JsonNode> answer,
            @Nullable Consumer<JsonNode> subscriber) {}

    /** Connects to a node; fails if it does not take the connection in time. */
    public static CompletionStage<RpcSocket> connect(
            HttpClient http, URI uri, RpcSettings settings) {
        var socket = new RpcSocket(settings);
        return http.newWebSocketBuilder()
                .connectTimeout(settings.connect())
                .buildAsync(uri, socket.new Incoming())
                .thenAccept(socket::begin)
                .orTimeout(settings.connect().toMillis(), TimeUnit.MILLISECONDS)
                .handle((begun, failure) -> {
                    if (failure != null) {
                        socket.end("it cannot be reached: " + Failures.text(failure));
                        throw new RpcLostException(
                                "it cannot be reached: " + Failures.text(failure));
                    }
                    return socket;
                });
    }

    /** Nobody waits for a connection that comes too late, or whose first message ended it. */
    private void begin(WebSocket webSocket) {
        if (!opened.complete(webSocket)) {
            webSocket.abort();
        }
    }

    /** Calls a method; fails with {@link RpcErrorException} or {@link RpcLostException}. */
    public CompletionStage<JsonNode> call(String method, Object... params) {
        return call(settings.answer(), null, method, params);
    }

    /** The same with a time of its own for the answer. */
    public CompletionStage<JsonNode> callWithin(Duration time, String method, Object... params) {
        return call(time, null, method, params);
    }

    /**
     * Subscribes; the answer is the subscription's name, for whoever ends it.
     *
     * @param subscriber gets each notification's result
     */
    public CompletionStage<JsonNode> subscribe(
            Consumer<JsonNode> subscriber, String method, Object... params) {
        return call(settings.answer(), subscriber, method, params);
    }

    /** Ends a subscription; nothing is waited for. */
    public void unsubscribe(String method, String subscription) {
        if (subscriptions.remove(subscription) != null) {
            var unused = call(method, subscription);
        }
    }

    private CompletionStage<JsonNode> call(
            Duration time,
            @Nullable Consumer<JsonNode> subscriber,
            String method,
            Object... params) {
        var answer = new CompletableFuture<JsonNode>();
        if (ended.isDone()) {
            return CompletableFuture.failedStage(new RpcLostException("the connection has ended"));
        }
        if (waiting.incrementAndGet() > settings.pending()) {
            waiting.decrementAndGet();
            return CompletableFuture.failedStage(
                    new RpcLostException("more than " + settings.pending() + " calls wait"));
        }
        long id = ids.incrementAndGet();
        pending.put(id, new Call(method, answer, subscriber));
        var unused =
                answer.orTimeout(time.toMillis(), TimeUnit.MILLISECONDS)
                        .whenComplete((result, failure) -> {
                            pending.remove(id);
                            waiting.decrementAndGet();
                        });
        send(request(id, method, params));
        if (ended.isDone()) {
            // It ended in between, and may have failed the others already.
            answer.completeExceptionally(new RpcLostException("the connection has ended"));
        }
        return answer.handle((result, failure) -> {
            if (failure == null) {
                return result;
            }
            throw failure instanceof TimeoutException
                    ? new RpcLostException(
                            "no answer to " + method + " within " + time.toMillis() + " ms")
                    : (RuntimeException) Failures.cause(failure);
        });
    }

    private static String request(long id, String method, Object... params) {
        ObjectNode request = JsonNodeFactory.instance.objectNode();
        request.put("jsonrpc", "2.0").put("id", id).put("method", method);
        ArrayNode list = request.putArray("params");
        for (Object param : params) {
            list.addPOJO(param);
        }
        try {
            return JSON.writeValueAsString(request);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("parameters that are no JSON", e);
        }
    }

    private synchronized void send(String text) {
        sent = sent.thenCompose(webSocket -> webSocket.sendText(text, true));
        var unused =
                sent.whenComplete((webSocket, failure) -> {
                    if (failure != null) {
                        end("it cannot be written to: " + Failures.text(failure));
                    }
                });
    }

    /**
     * Sends a ping; to be called from time to time.
     *
     * @param silence ends the connection if nothing was heard for longer
     */
    public void keepAlive(Duration silence) {
        if (System.nanoTime() - heardAt > silence.toNanos()) {
            end("nothing was heard for " + silence.toSeconds() + " s");
            return;
        }
        WebSocket webSocket = opened.getNow(null);
        if (webSocket != null && !webSocket.isOutputClosed()) {
            var unused = webSocket.sendPing(ByteBuffer.allocate(0));
        }
    }

    /** Completes with the reason when the connection has ended. */
    public CompletionStage<String> ended() {
        return ended;
    }

    private void end(String reason) {
        if (!ended.complete(reason)) {
            return;
        }
        for (Call call : pending.values()) {
            call.answer().completeExceptionally(new RpcLostException(reason));
        }
        subscriptions.clear();
        opened.completeExceptionally(new RpcLostException(reason));
        WebSocket webSocket = opened.isCompletedExceptionally() ? null : opened.getNow(null);
        if (webSocket != null) {
            webSocket.abort();
        }
    }

    /** Ends the connection for a reason, which is what {@link #ended} tells. */
    public void close(String reason) {
        end(reason);
    }

    @Override
    public void close() {
        close("closed");
    }

    private void received(String text) {
        JsonNode message;
        try {
            message = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            end("it sent what is no JSON");
            return;
        }
        if (message.isArray()) {
            message.forEach(this::dispatch);
        } else {
            dispatch(message);
        }
    }

    private void dispatch(JsonNode message) {
        if (message.path("params").has("subscription")) {
            JsonNode params = message.path("params");
            Consumer<JsonNode> subscriber = subscriptions.get(params.path("subscription").asText());
            if (subscriber != null) {
                subscriber.accept(params.path("result"));
            }
            return;
        }
        Call call = pending.get(message.path("id").asLong(-1));
        if (call == null) {
            // Late: its time is over.
            return;
        }
        JsonNode error = message.path("error");
        if (error.isObject()) {
            String data = error.path("data").asText("");
            call.answer()
                    .completeExceptionally(
                            new RpcErrorException(
                                    error.path("code").asInt(),
                                    error.path("message").asText("an error without a message")
                                            + (data.isEmpty() ? "" : ": " + data)));
            return;
        }
        JsonNode result = message.get("result");
        if (result == null) {
            call.answer()
                    .completeExceptionally(new RpcErrorException(0, "an answer without a result"));
            return;
        }
        if (call.subscriber() != null) {
            if (subscriptions.size() >= MAX_SUBSCRIPTIONS) {
                end("more than " + MAX_SUBSCRIPTIONS + " subscriptions");
                return;
            }
            // Before the answer is told: notifications may follow at once.
            subscriptions.put(result.asText(), call.subscriber());
        }
        call.answer().complete(result);
    }

    /** The receiving side; the JDK calls its methods one after the other. */
    private final class Incoming implements WebSocket.Listener {
        private final StringBuilder parts = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(
                WebSocket webSocket, CharSequence data, boolean last) {
            heardAt = System.nanoTime();
            if (parts.length() + data.length() > settings.message()) {
                end("it sent a message longer than " + settings.message() + " characters");
                return null;
            }
            parts.append(data);
            if (last) {
                String text = parts.toString();
                parts.setLength(0);
                parts.trimToSize();
                try {
                    received(text);
                } catch (RuntimeException e) {
                    log.error("A message of a node could not be handled", e);
                    end("its message could not be handled");
                }
            }
            webSocket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onBinary(
                WebSocket webSocket, ByteBuffer data, boolean last) {
            end("it sent a binary message");
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onPong(WebSocket webSocket, ByteBuffer message) {
            heardAt = System.nanoTime();
            webSocket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(
                WebSocket webSocket, int status, String reason) {
            end("it closed the connection with " + status);
            return null;
        }

        @Override
        public void onError(WebSocket webSocket, Throwable error) {
            end("the connection failed: " + Failures.text(error));
        }
    }
}
