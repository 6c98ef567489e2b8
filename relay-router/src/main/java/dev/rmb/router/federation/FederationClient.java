package dev.rmb.router.federation;

import com.codahale.metrics.MetricRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends messages to other relays. Thread-safe; one thread of its own does all of it, and others
 * look names up.
 */
public final class FederationClient implements Federation, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(FederationClient.class);

    /** What is under way when this stops may end by itself for so long, above its time-out. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    private static final long HOUSEKEEPING_MS = 60_000;
    private static final long IDLE_MS = 600_000;

    /** Enough to make each pause the longest one. */
    private static final int DOUBLINGS = 20;

    private final FederationSettings settings;
    private final Relays relays;
    private final HttpPosts posts;
    private final Timer timer;
    private final Object ended = new Object();

    /**
     * @param name of this pod; names the threads
     */
    public FederationClient(
            FederationSettings settings, String name, MetricRegistry metrics, Clock clock) {
        this.settings = settings;
        this.posts = new HttpPosts(settings, name);
        this.timer = posts.timer();
        this.relays = new Relays(settings, timer, clock, metrics);
        metrics.gauge("rmb_router_federation_connections", () -> posts::connections);
        timer.after(HOUSEKEEPING_MS, this::housekeeping);
    }

    @Override
    public List<RelayState> relays() {
        return relays.states();
    }

    @Override
    public boolean reset(String domain) {
        return relays.reset(domain);
    }

    /** Whether one of these relays may be given more. */
    public boolean mayPost(List<String> domains) {
        return relays.hasRoom(domains);
    }

    /** Sends what is on the train. Never blocks; the answers come later. */
    public void post(Train train) {
        var journey =
                new Journey(
                        train,
                        relays.fare(train.relays(), train.to(), train.bytes()),
                        relays,
                        posts,
                        timer,
                        settings,
                        this::ended);
        try {
            posts.execute(journey::begin);
        } catch (RejectedExecutionException e) {
            log.debug("A message for {} came after the stop", train.relays());
        }
    }

    /**
     * How long to leave relays alone: twice as long with each failure, up to a bound, and not at
     * the same time as everybody else.
     *
     * @param failures so often in a row, at least 1
     */
    public long pauseMs(int failures) {
        long longest = settings.retryAtMost().toMillis();
        int doublings = Math.min(failures - 1, DOUBLINGS);
        long pause = Math.min(settings.retryAfter().toMillis() << doublings, longest);
        return Math.min(Journey.jittered(pause), longest);
    }

    /** So many more addresses have mail for these relays. */
    public void waiting(List<String> domains, int more) {
        relays.waiting(domains, more);
    }

    public void watch(RelayWatcher watcher) {
        relays.watch(watcher);
    }

    public void leave(RelayWatcher watcher) {
        relays.leave(watcher);
    }

    /** Begins nothing any more, and waits in bounded time for the answers that are to come. */
    public void stop() throws InterruptedException {
        relays.stop();
        long patience = settings.timeout().plus(GRACE).toNanos();
        long deadline = System.nanoTime() + patience;
        synchronized (ended) {
            while (relays.trains() > 0) {
                long leftMs = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (leftMs <= 0) {
                    log.info(
                            "{} messages for other relays were still under way; they are sent"
                                    + " again",
                            relays.trains());
                    return;
                }
                ended.wait(leftMs);
            }
        }
    }

    /** Ends everything, in bounded time. */
    @Override
    public void close() {
        relays.stop();
        posts.close();
    }

    /** How long {@link #stop} may take. */
    public static Duration stopWithin(FederationSettings settings) {
        return settings.timeout().plus(GRACE.multipliedBy(2));
    }

    private void ended() {
        if (relays.isStopping()) {
            synchronized (ended) {
                ended.notifyAll();
            }
        }
    }

    private void housekeeping() {
        relays.forgetIdle(IDLE_MS);
        posts.forgetIdle();
        timer.after(HOUSEKEEPING_MS, this::housekeeping);
    }
}
