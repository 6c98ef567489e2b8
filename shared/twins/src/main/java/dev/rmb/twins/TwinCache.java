package dev.rmb.twins;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.rmb.protocol.identity.AccountId;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;

/**
 * What a distant source told, in memory until somebody says that it changed: twins do not grow old
 * by themselves. That there is no such twin is believed for a short time. However many ask for a
 * twin at once, the source is asked once. Bounded; thread-safe.
 */
public final class TwinCache {
    /** Relays are few, and the same text for many twins. */
    private static final int RELAYS = 4096;

    private final Cache<Long, Twin> twins;
    private final Cache<Long, Boolean> unknown;
    private final Cache<AccountId, Long> ids;
    private final Cache<AccountId, Boolean> unknownAccounts;
    private final Cache<String, String> relays;
    private final Coalesced<Long, Twin> lookUps;
    private final Coalesced<AccountId, Long> accountLookUps;
    private final LongAdder hits = new LongAdder();
    private final LongAdder stale = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final Source source;
    private volatile boolean current;

    /** Where twins come from that are not known yet. */
    public interface Source {
        CompletionStage<Optional<Twin>> twin(long id);

        /** The id of an account's twin. */
        CompletionStage<Optional<Long>> id(AccountId account);
    }

    /** Holds nothing yet. */
    public TwinCache(Source source, CacheSettings settings) {
        this(source, settings, Ticker.systemTicker());
    }

    TwinCache(Source source, CacheSettings settings, Ticker ticker) {
        this.source = source;
        this.twins = bounded(settings.size()).build();
        this.ids = bounded(settings.size()).build();
        this.relays = bounded(RELAYS).build();
        this.unknown = shortLived(settings, ticker);
        this.unknownAccounts = shortLived(settings, ticker);
        this.lookUps = new Coalesced<>(this::fetch, this::keep);
        this.accountLookUps = new Coalesced<>(this::fetchId, this::keepId);
    }

    /** Does its housekeeping on the threads that use it. */
    private static Caffeine<Object, Object> bounded(long size) {
        return Caffeine.newBuilder().executor(Runnable::run).maximumSize(size);
    }

    private static <K> Cache<K, Boolean> shortLived(CacheSettings settings, Ticker ticker) {
        return bounded(settings.size())
                .ticker(ticker)
                .expireAfterWrite(settings.unknownFor())
                .build();
    }

    /** As {@link TwinDirectory#byId}. */
    public CompletionStage<Optional<Twin>> byId(long id) {
        Twin known = twins.getIfPresent(id);
        if (known != null) {
            hits.increment();
            if (!current) {
                stale.increment();
            }
            return CompletableFuture.completedStage(Optional.of(known));
        }
        if (id < 1 || id > Twin.MAX_ID) {
            return CompletableFuture.completedStage(Optional.empty());
        }
        if (unknown.getIfPresent(id) != null) {
            hits.increment();
            return CompletableFuture.completedStage(Optional.empty());
        }
        return lookUps.ask(id);
    }

    /** As {@link TwinDirectory#byIdAnew}. What is known stays known until there is an answer. */
    CompletionStage<Optional<Twin>> byIdAnew(long id) {
        return id < 1 || id > Twin.MAX_ID
                ? CompletableFuture.completedStage(Optional.empty())
                : lookUps.ask(id);
    }

    /** As {@link TwinDirectory#byAccount}. */
    public CompletionStage<Optional<Twin>> byAccount(AccountId account) {
        if (unknownAccounts.getIfPresent(account) != null) {
            hits.increment();
            return CompletableFuture.completedStage(Optional.empty());
        }
        Long known = ids.getIfPresent(account);
        CompletionStage<Optional<Long>> id =
                known != null
                        ? CompletableFuture.completedStage(Optional.of(known))
                        : accountLookUps.ask(account);
        return id.thenCompose(found ->
                        found.isPresent()
                                ? byId(found.get())
                                : CompletableFuture.completedStage(Optional.<Twin>empty()))
                .thenApply(twin -> twin.filter(one -> one.account().equals(account)));
    }

    private CompletionStage<Optional<Twin>> fetch(long id) {
        misses.increment();
        return source.twin(id)
                .whenComplete((found, failure) -> {
                    if (failure != null) {
                        failures.increment();
                    }
                });
    }

    private CompletionStage<Optional<Long>> fetchId(AccountId account) {
        misses.increment();
        return source.id(account)
                .whenComplete((found, failure) -> {
                    if (failure != null) {
                        failures.increment();
                    }
                });
    }

    private void keep(Long id, Optional<Twin> found) {
        if (found.isPresent()) {
            twins.put(id, lean(found.get()));
            unknown.invalidate(id);
        } else {
            forget(id);
            unknown.put(id, true);
        }
    }

    private void keepId(AccountId account, Optional<Long> found) {
        if (found.isPresent()) {
            ids.put(account, found.get());
        } else {
            unknownAccounts.put(account, true);
        }
    }

    /** The same twin, sharing its relay's text with others. */
    private Twin lean(Twin twin) {
        String relay = twin.relay();
        return relay == null
                ? twin
                : new Twin(twin.id(), twin.account(), relays.get(relay, same -> same), twin.pk());
    }

    /** A twin is new, or changed. It is kept if it was looked up before. */
    void stored(Twin twin) {
        Twin lean = lean(twin);
        lookUps.heard(lean.id(), Optional.of(lean));
        accountLookUps.heard(lean.account(), Optional.of(lean.id()));
        unknown.invalidate(lean.id());
        unknownAccounts.invalidate(lean.account());
        // Only twins in use: the others would push these out.
        var unused = twins.asMap().computeIfPresent(lean.id(), (id, before) -> lean);
        // Its account may have had another one, which is gone.
        var unusedId = ids.asMap().computeIfPresent(lean.account(), (account, id) -> lean.id());
    }

    /** A twin is there no longer. */
    void gone(long id) {
        lookUps.heard(id, Optional.empty());
        forget(id);
    }

    /** What was told of these twins may not be so. */
    void doubt(Collection<Long> changed) {
        accountLookUps.doubtAll();
        unknownAccounts.invalidateAll();
        for (long id : changed) {
            lookUps.doubt(id);
            unknown.invalidate(id);
            forget(id);
        }
    }

    private void forget(long id) {
        Twin before = twins.asMap().remove(id);
        if (before != null) {
            ids.invalidate(before.account());
        }
    }

    /** Nothing that was told need be so. */
    void doubtAll() {
        lookUps.doubtAll();
        accountLookUps.doubtAll();
        twins.invalidateAll();
        ids.invalidateAll();
        unknown.invalidateAll();
        unknownAccounts.invalidateAll();
    }

    /** Whether changes are heard of: what is answered meanwhile counts as stale otherwise. */
    void current(boolean now) {
        current = now;
    }

    boolean isCurrent() {
        return current;
    }

    /** Since the start. */
    public LookUpCounts counts() {
        return new LookUpCounts(hits.sum(), stale.sum(), misses.sum(), failures.sum());
    }

    /** How many twins are in memory. */
    public long size() {
        return twins.estimatedSize();
    }
}
