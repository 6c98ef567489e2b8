package dev.rmb.twins;

import dev.rmb.protocol.identity.AccountId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** Twins in memory, by id and by account. Any thread may read; changes go one after the other. */
final class TwinTable {
    private final ConcurrentSkipListMap<Long, Twin> byId = new ConcurrentSkipListMap<>();
    private final Map<AccountId, Twin> byAccount = new ConcurrentHashMap<>();

    /** Adds a twin, or replaces the one with its id. */
    synchronized void put(Twin twin) {
        Twin before = byId.put(twin.id(), twin);
        if (before != null && !before.account().equals(twin.account())) {
            byAccount.remove(before.account(), before);
        }
        byAccount.put(twin.account(), twin);
    }

    synchronized void remove(long id) {
        Twin before = byId.remove(id);
        if (before != null) {
            byAccount.remove(before.account(), before);
        }
    }

    synchronized void clear() {
        byId.clear();
        byAccount.clear();
    }

    Optional<Twin> byId(long id) {
        return Optional.ofNullable(byId.get(id));
    }

    Optional<Twin> byAccount(AccountId account) {
        return Optional.ofNullable(byAccount.get(account));
    }

    int size() {
        return byId.size();
    }

    /** At most {@code limit} twins with larger ids than {@code after}, by id. */
    List<Twin> list(long after, int limit) {
        return byId.tailMap(after, false).values().stream().limit(limit).toList();
    }
}
