package dev.rmb.twins;

import dev.rmb.protocol.identity.AccountId;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A directory that holds what it is given, for tests and for programs that know their twins. */
public final class InMemoryTwins implements TwinDirectory, TwinListing {
    private final TwinTable twins = new TwinTable();
    private final TwinWatchers watchers = new TwinWatchers();

    /** A directory of these twins to begin with. */
    public static InMemoryTwins of(Twin... known) {
        var directory = new InMemoryTwins();
        for (Twin twin : known) {
            directory.put(twin);
        }
        return directory;
    }

    /** Adds a twin, or replaces the one with its id. */
    public void put(Twin twin) {
        twins.put(twin);
        watchers.changed(twin.id());
    }

    public void remove(long id) {
        twins.remove(id);
        watchers.changed(id);
    }

    @Override
    public CompletionStage<Optional<Twin>> byId(long id) {
        return CompletableFuture.completedStage(twins.byId(id));
    }

    @Override
    public CompletionStage<Optional<Twin>> byAccount(AccountId account) {
        return CompletableFuture.completedStage(twins.byAccount(account));
    }

    @Override
    public Watch watch(TwinWatcher watcher) {
        return watchers.add(watcher);
    }

    @Override
    public TwinPage list(long cursor, int limit) {
        return twins.list(cursor, limit);
    }

    /** Keeps what it has. */
    @Override
    public void close() {}
}
