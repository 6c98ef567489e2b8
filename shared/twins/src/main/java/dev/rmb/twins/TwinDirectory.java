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

    CompletionStage<Optional<Twin>> byAccount(AccountId account);

    /** Look-ups after this may fail. */
    @Override
    void close();
}
