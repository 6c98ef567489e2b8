package dev.rmb.peer.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.KeyValue;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SetArgs;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.Delay;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Redis server. Commands share one connection and are pipelined; each list that is waited for has
 * one of its own, as waiting keeps a connection busy. Lost connections are made again, with growing
 * pauses; until then everything fails at once.
 */
public final class RedisStore implements MessageStore {
    private static final Logger log = LoggerFactory.getLogger(RedisStore.class);

    /** That lists of messages may grow to: what nobody serves must not fill the memory. */
    public static final int MAX_LENGTH = 10_000;

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    /** For an answer; a server that takes longer counts as away. */
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(5);

    /**
     * Likewise for what is pushed: a server that is only slow may do it yet, and to push again
     * would be to push twice.
     */
    private static final Duration PUSH_TIMEOUT = Duration.ofSeconds(60);

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    /** Sent and not answered; callers have bounds of their own, far below. */
    private static final int MAX_REQUESTS = 100_000;

    private static final int IO_THREADS = 2;

    /** What a server says that cannot do something now, but will. */
    private static final Set<String> PASSING =
            Set.of(
                    "LOADING",
                    "BUSY",
                    "TRYAGAIN",
                    "CLUSTERDOWN",
                    "MASTERDOWN",
                    "READONLY",
                    "NOREPLICAS",
                    "MISCONF",
                    "OOM");

    private final ClientResources resources;
    private final RedisClient client;
    private final ConcurrentMap<String, StatefulRedisConnection<byte[], byte[]>> waiting =
            new ConcurrentHashMap<>();
    private final RedisAsyncCommands<byte[], byte[]> commands;

    private RedisStore(
            ClientResources resources,
            RedisClient client,
            StatefulRedisConnection<byte[], byte[]> shared) {
        this.resources = resources;
        this.client = client;
        this.commands = shared.async();
    }

    /**
     * Connects.
     *
     * @throws StoreException if that does not work now
     * @throws IllegalArgumentException if the address is none
     */
    public static RedisStore connect(RedisAddress address) {
        RedisURI uri = address.uri();
        uri.setTimeout(ANSWER_TIMEOUT);
        ClientResources resources =
                DefaultClientResources.builder()
                        .ioThreadPoolSize(IO_THREADS)
                        .computationThreadPoolSize(IO_THREADS)
                        .reconnectDelay(
                                Delay.fullJitter(
                                        Duration.ofMillis(50),
                                        LONGEST_PAUSE,
                                        2,
                                        TimeUnit.MILLISECONDS))
                        .build();
        RedisClient client = RedisClient.create(resources, uri);
        client.setOptions(
                ClientOptions.builder()
                        .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                        .requestQueueSize(MAX_REQUESTS)
                        .socketOptions(
                                SocketOptions.builder()
                                        .connectTimeout(CONNECT_TIMEOUT)
                                        .keepAlive(true)
                                        .build())
                        .timeoutOptions(TimeoutOptions.builder().timeoutCommands(false).build())
                        .build());
        try {
            return new RedisStore(resources, client, client.connect(ByteArrayCodec.INSTANCE));
        } catch (RedisException e) {
            stop(client, resources);
            throw StoreException.retryable(
                    "Redis at " + address + " cannot be used: " + rootOf(e).getMessage(), e);
        }
    }

    private static Throwable rootOf(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    @Override
    public byte @Nullable [] take(String list, Duration wait) throws InterruptedException {
        StatefulRedisConnection<byte[], byte[]> connection = waiting.get(list);
        try {
            if (connection == null) {
                connection = client.connect(ByteArrayCodec.INSTANCE);
                waiting.put(list, connection);
            }
            double seconds = wait.toMillis() / 1000.0;
            KeyValue<byte[], byte[]> taken =
                    connection
                            .async()
                            .brpop(seconds, key(list))
                            .get(wait.plus(ANSWER_TIMEOUT).toMillis(), TimeUnit.MILLISECONDS);
            return taken != null && taken.hasValue() ? taken.getValue() : null;
        } catch (RedisException e) {
            throw translate(e);
        } catch (ExecutionException e) {
            throw translate(e.getCause());
        } catch (TimeoutException e) {
            // An answer that came now would be lost with what it took.
            waiting.remove(list);
            if (connection != null) {
                var _ = connection.closeAsync();
            }
            throw StoreException.retryable("Redis did not answer in time", e);
        }
    }

    @Override
    public CompletionStage<Void> push(String list, byte[] message) {
        RedisFuture<Long> pushed;
        try {
            pushed = commands.lpush(key(list), message);
        } catch (RedisException e) {
            return CompletableFuture.failedStage(translate(e));
        }
        return asked(PUSH_TIMEOUT, () -> pushed.thenAccept(length -> trim(list, length)))
                .whenComplete((done, failure) -> {
                    if (failure != null) {
                        // Else it is sent again with the next connection, after whoever pushed has
                        // tried again.
                        pushed.cancel(false);
                    }
                });
    }

    /** What fails here does so the next time: the message is on its list. */
    private void trim(String list, long length) {
        if (length <= MAX_LENGTH) {
            return;
        }
        try {
            var _ = commands.ltrim(key(list), 0, MAX_LENGTH - 1);
        } catch (RedisException e) {
            log.debug("{} is not made shorter now", list, e);
        }
    }

    @Override
    public CompletionStage<Void> remember(String key, byte[] value, long seconds) {
        return asked(
                ANSWER_TIMEOUT,
                () ->
                        commands.set(key(key), value, SetArgs.Builder.ex(seconds))
                                .thenApply(done -> null));
    }

    @Override
    public CompletionStage<Optional<byte[]>> recall(String key) {
        return asked(ANSWER_TIMEOUT, () -> commands.get(key(key)).thenApply(Optional::ofNullable));
    }

    private interface Question<T> {
        CompletionStage<T> ask();
    }

    private static <T> CompletionStage<T> asked(Duration timeout, Question<T> question) {
        CompletableFuture<T> answer;
        try {
            answer = question.ask().toCompletableFuture().copy();
        } catch (RedisException e) {
            return CompletableFuture.failedStage(translate(e));
        }
        return answer.orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionallyCompose(failure -> CompletableFuture.failedStage(translate(failure)));
    }

    private static StoreException translate(@Nullable Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
        if (cause instanceof RedisCommandExecutionException said) {
            String text = String.valueOf(said.getMessage());
            int space = text.indexOf(' ');
            return space > 0 && PASSING.contains(text.substring(0, space))
                    ? StoreException.retryable(text, said)
                    : StoreException.lasting(text, said);
        }
        return StoreException.retryable(
                "Redis is away: " + cause, cause == null ? new RedisException("") : cause);
    }

    private static byte[] key(String name) {
        return name.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        stop(client, resources);
    }

    private static void stop(RedisClient client, ClientResources resources) {
        client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
        resources.shutdown(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    }
}
