package dev.rmb.peer.route;

import dev.rmb.proto.Backlog;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What programs have asked and nobody has answered yet, so that each of them is told when its time
 * is over, whatever became of the request or the answer on the way: a relay that lost either tells
 * nobody, and one that kept the request until the end tells of it when nothing is remembered of the
 * program any more. Thread-safe, bounded, and not beyond the life of the peer.
 */
final class Unanswered implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Unanswered.class);

    /** Some hundred bytes each. Those beyond are sent, and the end of their time is not told. */
    private static final int DEFAULT_MAX = 50_000;

    /** Redis forgets who asked at the end of the TTL; no answer is given after this. */
    private static final Duration GRACE = Duration.ofSeconds(2);

    private final int max;
    private final Duration grace;
    private final Consumer<Backlog> expired;
    private final Map<String, Asked> byUid = new HashMap<>();
    private final ScheduledThreadPoolExecutor timers =
            new ScheduledThreadPoolExecutor(
                    1, Thread.ofPlatform().name("unanswered").daemon().factory());
    private boolean full;

    /** One request; its twins are those that have not answered. */
    private static final class Asked {
        final Set<Integer> twins = new HashSet<>();
        final Future<?> timer;

        Asked(Set<Integer> twins, Future<?> timer) {
            this.twins.addAll(twins);
            this.timer = timer;
        }
    }

    /**
     * @param expired told once for each twin that did not answer in time; must not block
     */
    Unanswered(Consumer<Backlog> expired) {
        this(DEFAULT_MAX, GRACE, expired);
    }

    Unanswered(int max, Duration grace, Consumer<Backlog> expired) {
        this.max = max;
        this.grace = grace;
        this.expired = expired;
        timers.setRemoveOnCancelPolicy(true);
        timers.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Something is asked of all these twins. */
    synchronized void asked(Backlog backlog, Set<Integer> twins) {
        if (byUid.size() >= max) {
            if (!full) {
                full = true;
                log.warn("More than {} requests wait for answers; not all ends are told", max);
            }
            return;
        }
        full = false;
        try {
            byUid.put(
                    backlog.getUid(),
                    new Asked(
                            twins,
                            timers.schedule(
                                    () -> expire(backlog),
                                    TimeUnit.SECONDS.toMillis(backlog.getTtl()) + grace.toMillis(),
                                    TimeUnit.MILLISECONDS)));
        } catch (RejectedExecutionException e) {
            log.debug("The end of {} is not told: stopping", backlog.getUid());
        }
    }

    /** One of them answered, or its program is told why it will not. */
    synchronized void ended(String uid, int twin) {
        Asked asked = byUid.get(uid);
        if (asked != null && asked.twins.remove(twin)) {
            forgetIfEnded(uid, asked);
        }
    }

    /** A relay tells that one of them will not answer, and not which. */
    synchronized void oneEnded(String uid) {
        Asked asked = byUid.get(uid);
        if (asked != null) {
            asked.twins.remove(asked.twins.iterator().next());
            forgetIfEnded(uid, asked);
        }
    }

    private void forgetIfEnded(String uid, Asked asked) {
        if (asked.twins.isEmpty()) {
            byUid.remove(uid);
            asked.timer.cancel(false);
        }
    }

    private void expire(Backlog backlog) {
        int silent;
        synchronized (this) {
            Asked asked = byUid.remove(backlog.getUid());
            silent = asked == null ? 0 : asked.twins.size();
        }
        for (int i = 0; i < silent; i++) {
            try {
                expired.accept(backlog);
            } catch (RuntimeException | Error e) {
                log.error("The end of {} could not be told", backlog.getUid(), e);
            }
        }
    }

    /** Whether the end of its time will be told. */
    synchronized boolean waitsFor(String uid) {
        return byUid.containsKey(uid);
    }

    /** How many requests wait for answers. */
    synchronized int size() {
        return byUid.size();
    }

    @Override
    public void close() {
        timers.shutdownNow();
    }
}
