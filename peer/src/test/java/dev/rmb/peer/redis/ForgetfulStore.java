package dev.rmb.peer.redis;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A store for tests: takes everything, keeps nothing, has nothing. */
public class ForgetfulStore implements MessageStore {
    @Override
    public byte @Nullable [] take(String list, Duration wait) throws InterruptedException {
        return null;
    }

    @Override
    public CompletionStage<Void> push(String list, byte[] message) {
        return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<Void> remember(String key, byte[] value, long seconds) {
        return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<Optional<byte[]>> recall(String key) {
        return CompletableFuture.completedStage(Optional.empty());
    }

    @Override
    public void close() {}
}
