package dev.rmb.twins;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.rmb.protocol.identity.AccountId;
import dev.rmb.tfchain.Chain;
import dev.rmb.tfchain.ChainException;
import dev.rmb.tfchain.ChainListener;
import dev.rmb.tfchain.ChainSettings;
import dev.rmb.tfchain.twin.ChainTwin;
import dev.rmb.tfchain.twin.TwinEvent;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * The twins of TFChain. Those that were looked up stay in memory and follow the events of each new
 * block, so that the same look-up costs nothing again; without a node they are answered as they
 * were, and only twins that were never asked for are refused.
 */
public final class TfchainTwinDirectory implements TwinDirectory {
    private final TwinWatchers watchers = new TwinWatchers();
    private final TwinCache cache;
    private final Chain chain;

    private TfchainTwinDirectory(ChainSettings settings, CacheSettings cache, Ticker ticker) {
        this.cache = new TwinCache(new OnChain(), cache, ticker);
        this.chain = Chain.start(settings, new Changes());
    }

    /** Begins to connect; look-ups wait for the first node, within their time. */
    public static TfchainTwinDirectory start(ChainSettings settings, CacheSettings cache) {
        return start(settings, cache, Ticker.systemTicker());
    }

    static TfchainTwinDirectory start(ChainSettings settings, CacheSettings cache, Ticker ticker) {
        return new TfchainTwinDirectory(settings, cache, ticker);
    }

    @Override
    public CompletionStage<Optional<Twin>> byIdAnew(long id) {
        return cache.byIdAnew(id);
    }

    @Override
    public CompletionStage<Optional<Twin>> byId(long id) {
        return cache.byId(id);
    }

    @Override
    public CompletionStage<Optional<Twin>> byAccount(AccountId account) {
        return cache.byAccount(account);
    }

    /** Asks the chain. */
    private final class OnChain implements TwinCache.Source {
        @Override
        public CompletionStage<Optional<Twin>> twin(long id) {
            return chain.twin(id)
                    .handle((found, failure) -> {
                        if (failure != null) {
                            throw translate(failure);
                        }
                        return found.map(TfchainTwinDirectory::read);
                    });
        }

        @Override
        public CompletionStage<Optional<Long>> id(AccountId account) {
            return chain.twinId(account)
                    .handle((found, failure) -> {
                        if (failure != null) {
                            throw translate(failure);
                        }
                        return found;
                    });
        }
    }

    private static DirectoryException translate(Throwable failure) {
        Throwable cause = Causes.of(failure);
        String message = "TFChain cannot be asked: " + cause.getMessage();
        return cause instanceof ChainException known && !known.isRetryable()
                ? DirectoryException.lasting(message, cause)
                : DirectoryException.retryable(message, cause);
    }

    private static Twin read(ChainTwin twin) {
        return new Twin(twin.id(), twin.account(), twin.relay(), twin.pk());
    }

    /** What the chain tells of its blocks. On the chain's thread. */
    private final class Changes implements ChainListener {
        @Override
        public void changed(List<TwinEvent> events) {
            for (TwinEvent event : events) {
                if (event instanceof TwinEvent.Stored stored) {
                    cache.stored(read(stored.twin()));
                } else {
                    cache.gone(event.id());
                }
                watchers.changed(event.id());
            }
        }

        @Override
        public void retracted(Set<Long> ids) {
            cache.doubt(ids);
            ids.forEach(watchers::changed);
        }

        @Override
        public void missed() {
            cache.doubtAll();
            watchers.allChanged();
        }

        @Override
        public void following(boolean now) {
            cache.current(now);
        }
    }

    @Override
    public Watch watch(TwinWatcher watcher) {
        return watchers.add(watcher);
    }

    /** Since the start. */
    public LookUpCounts counts() {
        return cache.counts();
    }

    /** How many twins are in memory. */
    public long size() {
        return cache.size();
    }

    /** Whether a node is in use and its blocks are followed. */
    public boolean isFollowing() {
        return cache.isCurrent();
    }

    /** Answers what it knows, and nothing else, from now on. */
    @Override
    public void close() {
        chain.close();
    }
}
