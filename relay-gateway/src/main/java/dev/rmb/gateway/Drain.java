package dev.rmb.gateway;

import dev.rmb.gateway.session.Sessions;
import io.netty.util.concurrent.EventExecutorGroup;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes leave of the clients: first this gateway is not ready any more, then it takes no new
 * sessions, then those that it has are ended one by one. Can be taken back until it stops.
 * Thread-safe.
 */
final class Drain {
    private static final Logger log = LoggerFactory.getLogger(Drain.class);

    /** Beyond what was asked for: a loop that is busy. */
    private static final Duration MARGIN = Duration.ofSeconds(5);

    private final DrainSettings settings;
    private final Sessions sessions;
    private final EventExecutorGroup timer;

    // Guarded by this.
    private GatewayState state = GatewayState.SERVING;
    private boolean stopping;
    private @Nullable Future<?> grace;
    private CompletableFuture<Void> departed = new CompletableFuture<>();

    Drain(DrainSettings settings, Sessions sessions, EventExecutorGroup timer) {
        this.settings = settings;
        this.sessions = sessions;
        this.timer = timer;
    }

    synchronized GatewayState state() {
        return state == GatewayState.DRAINING && departed.isDone() ? GatewayState.DRAINED : state;
    }

    /** Begins; does nothing twice. */
    synchronized void begin() {
        if (state == GatewayState.SERVING) {
            state = GatewayState.LEAVING;
            log.info(
                    "Draining: not ready from now on, no new sessions in {} s, and the present ones"
                            + " are ended over {} s from then on",
                    settings.grace().toSeconds(),
                    settings.period().toSeconds());
            departed = new CompletableFuture<>();
            if (settings.grace().isZero()) {
                depart();
            } else {
                grace =
                        timer.schedule(
                                this::depart, settings.grace().toMillis(), TimeUnit.MILLISECONDS);
            }
        }
    }

    /**
     * Takes clients again.
     *
     * @return {@code false} if that is too late: the gateway stops
     */
    synchronized boolean undo() {
        if (stopping) {
            return false;
        }
        if (state != GatewayState.SERVING) {
            log.info("Not draining any more: takes clients again");
            if (grace != null) {
                var _ = grace.cancel(false);
                grace = null;
            }
            departed.complete(null);
            sessions.admit();
            state = GatewayState.SERVING;
        }
        return true;
    }

    /** Begins for good, and waits for the time in which balancers may notice. */
    void awaitGrace() {
        Future<?> waiting;
        synchronized (this) {
            stopping = true;
            begin();
            waiting = grace;
        }
        if (waiting != null) {
            var _ =
                    waiting.awaitUninterruptibly(
                            settings.grace().plus(MARGIN).toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** Waits until the sessions have ended, as long as that may take. */
    void awaitDeparture() {
        CompletableFuture<Void> all;
        synchronized (this) {
            stopping = true;
            if (state == GatewayState.SERVING) {
                state = GatewayState.LEAVING;
            }
            depart();
            all = departed;
        }
        try {
            all.get(settings.period().plus(MARGIN).toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            log.warn("Not all sessions were ended in time: {}", e.toString());
        }
        sessions.stop();
    }

    private synchronized void depart() {
        if (state == GatewayState.LEAVING) {
            state = GatewayState.DRAINING;
            sessions.depart(settings.period(), departed);
        }
    }
}
