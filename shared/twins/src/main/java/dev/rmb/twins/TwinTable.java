package dev.rmb.twins;

import dev.rmb.protocol.identity.AccountId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** Twins in memory, by id and by account. Any thread may read; changes go one after the other. */
final class TwinTable {
    private final Map<Long, Twin> byId = new ConcurrentHashMap<>();

    /** For pages. A look-up here would take ten times as long as in {@link #byId}. */
    private final ConcurrentSkipListMap<Long, Twin> inOrder = new ConcurrentSkipListMap<>();

    private final Map<AccountId, Twin> byAccount = new ConcurrentHashMap<>();

    /** Adds a twin, or replaces the one with its id. */
    synchronized void put(Twin twin) {
        Twin before = byId.put(twin.id(), twin);
        inOrder.put(twin.id(), twin);
        if (before != null && !before.account().equals(twin.account())) {
            byAccount.remove(before.account(), before);
        }
        byAccount.put(twin.account(), twin);
    }

    synchronized void remove(long id) {
        Twin before = byId.remove(id);
        inOrder.remove(id);
        if (before != null) {
            byAccount.remove(before.account(), before);
        }
    }

    synchronized void clear() {
        byId.clear();
        inOrder.clear();
        byAccount.clear();
    }

    Optional<Twin> byId(long id) {
        return Optional.ofNullable(byId.get(id));
    }

    Optional<Twin> byAccount(AccountId account) {
        return Optional.ofNullable(byAccount.get(account));
    }

    boolean holdsTheSameAs(TwinTable other) {
        return byId.equals(other.byId);
    }

    int size() {
        return byId.size();
    }

    /** See {@link TwinListing#list}. */
    TwinPage list(long cursor, int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be at least 1: " + limit);
        }
        List<Twin> found =
                inOrder.tailMap(cursor, false).values().stream().limit(limit + 1L).toList();
        if (found.size() <= limit) {
            return new TwinPage(found, OptionalLong.empty());
        }
        List<Twin> page = found.subList(0, limit);
        return new TwinPage(page, OptionalLong.of(page.get(limit - 1).id()));
    }
}
