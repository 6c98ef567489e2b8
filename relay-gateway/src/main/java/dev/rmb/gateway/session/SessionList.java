package dev.rmb.gateway.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of a gateway as operators see and end them. Thread-safe. Whatever is asked for is
 * bounded, and an event loop is never busy with it for more than {@value #AT_ONCE} sessions before
 * its sockets have their turn.
 */
public final class SessionList {
    static final int AT_ONCE = 64;

    private final SessionLoops loops;
    private final SessionIndex index;

    SessionList(SessionLoops loops, SessionIndex index) {
        this.loops = loops;
        this.index = index;
    }

    /**
     * The first sessions behind a place, in their order, as they are now. One that ends meanwhile
     * is left out.
     *
     * @param twin only this one's; 0: of any
     */
    public CompletionStage<List<SessionView>> after(SessionKey place, long twin, int atMost) {
        SessionKey first = new SessionKey(twin, 0);
        List<Session> found =
                index.after(place.compareTo(first) < 0 ? first : place, atMost).stream()
                        .takeWhile(session -> twin == 0 || session.address().twin() == twin)
                        .toList();
        return views(found);
    }

    /** The session with this id; nothing if there is none. */
    public CompletionStage<List<SessionView>> find(long id) {
        SessionLoop loop = loopOf(id);
        return on(
                loop,
                () -> {
                    Session session = loop.session(id);
                    return session == null ? List.of() : List.of(session.view());
                });
    }

    /** Ends a session as an operator wishes; {@code false} if there is none with this id. */
    public CompletionStage<Boolean> disconnect(long id) {
        SessionLoop loop = loopOf(id);
        return on(
                loop,
                () -> {
                    Session session = loop.session(id);
                    if (session == null) {
                        return false;
                    }
                    session.guarded(() -> session.end(Ending.DISCONNECTED));
                    return true;
                });
    }

    /** Why a gateway did not take an envelope, by the number that was noted of it. */
    @SuppressWarnings("EnumOrdinal") // noted by this process itself
    public static String whyTurnedDown(int number) {
        return Verdict.values()[number].name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private SessionLoop loopOf(long id) {
        return loops.all().get(SessionLoop.indexOf(id, loops.all().size()));
    }

    private CompletionStage<List<SessionView>> views(List<Session> sessions) {
        @Nullable SessionView[] views = new @Nullable SessionView[sessions.size()];
        List<CompletableFuture<?>> parts = new ArrayList<>();
        for (SessionLoop loop : loops.all()) {
            List<Integer> own = new ArrayList<>();
            for (int i = 0; i < sessions.size(); i++) {
                if (sessions.get(i).loop() == loop) {
                    own.add(i);
                }
            }
            for (int from = 0; from < own.size(); from += AT_ONCE) {
                List<Integer> some = own.subList(from, Math.min(own.size(), from + AT_ONCE));
                parts.add(
                        on(
                                loop,
                                () -> {
                                    some.forEach(i -> views[i] = viewIfOpen(sessions.get(i)));
                                    return true;
                                }));
            }
        }
        return CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new))
                .thenApply(_ -> {
                    List<SessionView> open = new ArrayList<>();
                    for (SessionView view : views) {
                        if (view != null) {
                            open.add(view);
                        }
                    }
                    return open;
                });
    }

    private static @Nullable SessionView viewIfOpen(Session session) {
        return session.isOpen() ? session.view() : null;
    }

    /** Fails if the loop has ended. */
    private static <T> CompletableFuture<T> on(SessionLoop loop, Supplier<T> step) {
        try {
            return CompletableFuture.supplyAsync(step, loop.executor());
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
