package dev.rmb.gateway.session;

import dev.rmb.cluster.trace.Outcomes;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.EventExecutorGroup;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/** The session loops of a gateway, one for each of its event loops. Immutable. */
public final class SessionLoops {
    private final List<SessionLoop> loops;
    private final Outcomes outcomes = new Outcomes();

    /**
     * @param maxInFlight bytes under way into the log that the loops share
     */
    public SessionLoops(
            EventExecutorGroup group, SessionSettings settings, long maxInFlight, Clock clock) {
        var seeds = new SecureRandom();
        List<EventExecutor> executors = new ArrayList<>();
        group.forEach(executors::add);
        if (executors.size() > SessionLoop.MAX_LOOPS) {
            throw new IllegalArgumentException("too many event loops: " + executors.size());
        }
        List<SessionLoop> made = new ArrayList<>();
        for (EventExecutor executor : executors) {
            var loop =
                    new SessionLoop(
                            made.size(),
                            executor,
                            settings,
                            maxInFlight / executors.size(),
                            executors.size(),
                            seeds.nextLong(),
                            clock,
                            outcomes);
            made.add(loop);
        }
        this.loops = List.copyOf(made);
    }

    /** What became lately of what clients sent. */
    public Outcomes outcomes() {
        return outcomes;
    }

    public List<SessionLoop> all() {
        return loops;
    }

    /**
     * The loop on that executor.
     *
     * @throws IllegalArgumentException if it is not one of the group's
     */
    public SessionLoop of(EventExecutor executor) {
        for (SessionLoop loop : loops) {
            if (loop.executor().equals(executor)) {
                return loop;
            }
        }
        throw new IllegalArgumentException("not one of the gateway's event loops");
    }
}
