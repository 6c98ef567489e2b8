package dev.rmb.cluster.limits;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The limits of this pod, and what operators have changed of all limits. Thread-safe. What is
 * changed holds from then on: whoever is above a limit that was lowered stays until it goes by
 * itself.
 */
public final class Limits {
    private static final Logger log = LoggerFactory.getLogger(Limits.class);

    private final Map<String, Limit> own = new TreeMap<>();
    private final Map<String, LimitChange> changes = new HashMap<>();
    private final List<Runnable> listeners = new ArrayList<>();

    /**
     * Takes up a limit of this pod. A change that is known already is in force at once.
     *
     * @throws IllegalArgumentException if there is one of that name
     */
    public synchronized Limit add(LimitKind kind, long configured) {
        var limit = new Limit(kind, configured);
        if (own.putIfAbsent(kind.name(), limit) != null) {
            throw new IllegalArgumentException("there is a limit " + kind.name() + " already");
        }
        apply(changes.get(kind.name()), limit);
        return limit;
    }

    /**
     * Tells of changes from now on, when they are in force.
     *
     * @param listener must not block; on the thread that makes the change
     */
    public synchronized void listen(Runnable listener) {
        listeners.add(listener);
    }

    /** Those of this pod, in the order of their names. */
    public synchronized List<Limit> own() {
        return List.copyOf(own.values());
    }

    /** What the limit of that name was changed to, whether this pod has it or not. */
    public synchronized Optional<LimitChange> change(String name) {
        return Optional.ofNullable(changes.get(name));
    }

    /** From now on it has that value. */
    public synchronized void put(LimitChange change) {
        changes.put(change.name(), change);
        apply(change, own.get(change.name()));
        listeners.forEach(Runnable::run);
    }

    /** From now on each pod's configuration holds again. */
    public synchronized void remove(String name) {
        changes.remove(name);
        apply(null, own.get(name));
        listeners.forEach(Runnable::run);
    }

    /** From now on there are these changes and no others. */
    public synchronized void replaceAll(Collection<LimitChange> all) {
        changes.clear();
        all.forEach(change -> changes.put(change.name(), change));
        own.forEach((name, limit) -> apply(changes.get(name), limit));
        listeners.forEach(Runnable::run);
    }

    private static void apply(@Nullable LimitChange change, @Nullable Limit limit) {
        if (limit == null) {
            return;
        }
        long before = limit.inForce();
        if (change == null) {
            limit.restore();
        } else if (limit.kind().allows(change.value())) {
            limit.change(change.value());
        } else {
            // What a restart would make of it.
            limit.restore();
            log.warn(
                    "The limit {} was changed to {}, which this version does not take: its"
                            + " configured value holds",
                    change.name(),
                    change.value());
        }
        if (limit.inForce() != before) {
            log.info(
                    "The limit {} is {} now; it was {}, and {} is configured",
                    limit.kind().name(),
                    limit.inForce(),
                    before,
                    limit.configured());
        }
    }
}
