package dev.rmb.twins;

import dev.rmb.protocol.identity.AccountId;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Tells who a twin is. Thread-safe, and no method blocks: event loops call it. That there is no
 * such twin is an answer; a stage that fails with a {@link DirectoryException} is none.
 */
public interface TwinDirectory extends AutoCloseable {
    /**
     * @param id any number; one that can be no twin's finds nothing
     */
    CompletionStage<Optional<Twin>> byId(long id);

    /**
     * Looks it up at its source, whatever is remembered of it. A source that never lags behind need
     * not tell the difference.
     */
    default CompletionStage<Optional<Twin>> byIdAnew(long id) {
        return byId(id);
    }

    CompletionStage<Optional<Twin>> byAccount(AccountId account);

    /**
     * Tells of changes from now on, of those twins at least that were looked up before. A source
     * whose twins never change tells nothing.
     */
    default Watch watch(TwinWatcher watcher) {
        return () -> {};
    }

    /** A watcher's place in a directory; closed to leave it. */
    @FunctionalInterface
    interface Watch extends AutoCloseable {
        @Override
        void close();
    }

    /** Look-ups after this may fail. */
    @Override
    void close();
}
