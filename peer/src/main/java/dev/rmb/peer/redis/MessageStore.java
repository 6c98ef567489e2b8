package dev.rmb.peer.redis;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Lists and remembered values. Thread-safe. Stages fail with a {@link StoreException}. */
public interface MessageStore extends AutoCloseable {
    /**
     * Takes from the right end of a list, and waits for something to come.
     *
     * @return {@code null} if nothing came in time
     * @throws StoreException if the list cannot be read now
     */
    byte @Nullable [] take(String list, Duration wait) throws InterruptedException;

    /** Puts on the left end of a list; of more than 10,000 the oldest are dropped. */
    CompletionStage<Void> push(String list, byte[] message);

    /**
     * Keeps a value for a while.
     *
     * @param seconds at least 1
     */
    CompletionStage<Void> remember(String key, byte[] value, long seconds);

    /** What is kept, if it still is. */
    CompletionStage<Optional<byte[]>> recall(String key);

    @Override
    void close();
}
