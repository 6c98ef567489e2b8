package dev.rmb.client;

import com.fasterxml.jackson.core.type.TypeReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Which commands are served, and by what.
 *
 * <pre>{@code
 * Router router = new Router().use(logging);
 * router.group("calculator")
 *         .use(onlyFriends)
 *         .handleJson("add", Sum.class, (sum, request) -> sum.a() + sum.b())  // calculator.add
 *         .handle("version", request -> completedFuture(version));            // calculator.version
 * }</pre>
 *
 * <p>Not thread-safe; what a client was built with does not change any more.
 */
public final class Router {
    private static final String SEPARATOR = ".";

    private final Map<String, RequestHandler> handlers;
    private final String prefix;
    private final List<Middleware> middleware;
    private final @Nullable Router whole;
    private @Nullable RequestHandler others;

    /** Serves nothing yet. */
    public Router() {
        this.handlers = new HashMap<>();
        this.prefix = "";
        this.middleware = new ArrayList<>();
        this.whole = null;
    }

    private Router(Router parent, String prefix) {
        this.handlers = parent.handlers;
        this.prefix = prefix;
        this.middleware = new ArrayList<>(parent.middleware);
        this.whole = parent.whole == null ? parent : parent.whole;
    }

    /** Something done around handlers: checks, logs, measures, or answers in their place. */
    @FunctionalInterface
    public interface Middleware {
        /**
         * Handles a request, usually by what is next.
         *
         * @param request what is asked, and by whom
         * @param next what the request would be handled by
         * @return as {@link RequestHandler#handle}
         * @throws Exception as if the stage had completed with it
         */
        CompletionStage<byte[]> handle(Request request, RequestHandler next) throws Exception;
    }

    /** Answers a request that was read from JSON. */
    @FunctionalInterface
    public interface JsonHandler<T extends @Nullable Object, R extends @Nullable Object> {
        /**
         * Answers a request. It may block.
         *
         * @param body what the request carries
         * @param request who asks, and everything else
         * @return what is written as JSON
         * @throws Exception {@link HandlerException} becomes the error it describes, any other an
         *     error with code 255 and no details
         */
        R handle(T body, Request request) throws Exception;
    }

    /**
     * Does something around all handlers that are given after this, here or in groups: the first
     * one given is the outermost.
     */
    public Router use(Middleware around) {
        middleware.add(around);
        return this;
    }

    /**
     * Serves a command.
     *
     * @param command for example {@code calculator.add}, or {@code add} in a group {@code
     *     calculator}
     * @throws IllegalArgumentException if the command has a handler already
     */
    public Router handle(String command, RequestHandler handler) {
        put(prefix + command, wrapped(handler));
        return this;
    }

    /**
     * Serves a command whose payloads are JSON. What cannot be read is answered with code 101.
     *
     * @param body what requests are read as
     */
    public <T, R extends @Nullable Object> Router handleJson(
            String command, Class<T> body, JsonHandler<T, R> handler) {
        Json.Reader<T> reader = Json.reader(body);
        return handle(
                command,
                request ->
                        CompletableFuture.completedStage(
                                Json.write(
                                        handler.handle(
                                                Json.readRequest(request, reader), request))));
    }

    /**
     * Serves a command whose payloads are JSON of a generic type.
     *
     * @param body what requests are read as
     */
    public <T, R extends @Nullable Object> Router handleJson(
            String command, TypeReference<T> body, JsonHandler<T, R> handler) {
        Json.Reader<T> reader = Json.reader(body);
        return handle(
                command,
                request ->
                        CompletableFuture.completedStage(
                                Json.write(
                                        handler.handle(
                                                Json.readRequest(request, reader), request))));
    }

    /** Serves all commands that have no handler of their own; of groups, too. */
    public Router handleOthers(RequestHandler handler) {
        if (whole != null) {
            throw new IllegalStateException("a group has no handler for others");
        }
        if (others != null) {
            throw new IllegalArgumentException("two handlers for others");
        }
        others = wrapped(handler);
        return this;
    }

    /**
     * A part of this router, for commands with a common beginning. It begins with the middleware
     * that is in use here, and may use more.
     *
     * @param name {@code calculator} for commands that begin with {@code calculator.}
     */
    public Router group(String name) {
        return new Router(this, prefix + name + SEPARATOR);
    }

    private RequestHandler wrapped(RequestHandler handler) {
        RequestHandler result = handler;
        for (int i = middleware.size() - 1; i >= 0; i--) {
            Middleware around = middleware.get(i);
            RequestHandler next = result;
            result = request -> around.handle(request, next);
        }
        return result;
    }

    private void put(String command, RequestHandler handler) {
        if (handlers.putIfAbsent(command, Objects.requireNonNull(handler)) != null) {
            throw new IllegalArgumentException("two handlers for " + command);
        }
    }

    /** Serves what another one serves, too. */
    void include(Router other) {
        other.handlers.forEach(this::put);
        Router theirs = other.whole == null ? other : other.whole;
        if (theirs.others != null) {
            handleOthers(theirs.others);
        }
    }

    Routes routes() {
        return new Routes(Map.copyOf(handlers), others);
    }

    /** What is served, unchangeable. */
    record Routes(Map<String, RequestHandler> handlers, @Nullable RequestHandler others) {
        @Nullable RequestHandler of(String command) {
            return handlers.getOrDefault(command, others);
        }
    }
}
