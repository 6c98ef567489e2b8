package dev.rmb.peer.route;

import dev.rmb.peer.message.Local;
import dev.rmb.peer.message.LocalReader;
import dev.rmb.peer.message.OutgoingRequest;
import dev.rmb.peer.message.OutgoingResponse;
import dev.rmb.peer.message.PeerError;
import dev.rmb.proto.Backlog;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes what local programs push, and passes it on: one thread for each of the two lists. */
public final class LocalSide {
    private static final Logger log = LoggerFactory.getLogger(LocalSide.class);

    /** How long one wait for a message takes; what stops waits for the last one. */
    private static final Duration WAIT = Duration.ofSeconds(1);

    private final LocalLists lists;
    private final Outbox outbox;
    private final Map<String, Module> modules;
    private final LocalReader reader = new LocalReader();
    private final Thread requests;
    private final Thread replies;
    private volatile boolean stopped;

    private LocalSide(LocalLists lists, Outbox outbox, Map<String, Module> modules) {
        this.lists = lists;
        this.outbox = outbox;
        this.modules = Map.copyOf(modules);
        this.requests = thread("local-requests", LocalLists.REQUESTS, this::request);
        this.replies = thread("local-replies", LocalLists.REPLIES, this::reply);
    }

    /** Begins to take messages. */
    public static LocalSide start(LocalLists lists, Outbox outbox, Map<String, Module> modules) {
        var side = new LocalSide(lists, outbox, modules);
        side.requests.start();
        side.replies.start();
        return side;
    }

    private interface Step {
        void take(byte[] message) throws InterruptedException;
    }

    private Thread thread(String name, String list, Step step) {
        return Thread.ofPlatform().name(name).daemon().unstarted(() -> run(list, step));
    }

    private void run(String list, Step step) {
        try {
            while (!stopped) {
                next(list, step);
            }
        } catch (InterruptedException e) {
            log.debug("No longer takes from {}", list);
        }
    }

    private void next(String list, Step step) throws InterruptedException {
        try {
            byte[] message = lists.take(list, WAIT);
            if (message != null) {
                step.take(message);
            }
        } catch (RuntimeException | Error e) {
            // The next message may be a better one; without this thread none is taken any more.
            log.error("A message from {} could not be processed", list, e);
            lists.rest();
        }
    }

    private void request(byte[] message) throws InterruptedException {
        switch (reader.request(message)) {
            case Local.Read<OutgoingRequest>(OutgoingRequest request) -> {
                if (!isForModule(request)) {
                    outbox.request(request);
                }
            }
            case Local.Unreadable<OutgoingRequest>(
                            PeerError error,
                            String replyTo,
                            String reference) ->
                    refuse(error, replyTo, reference);
        }
    }

    private boolean isForModule(OutgoingRequest request) throws InterruptedException {
        int dot = request.command().indexOf('.');
        Module module = dot < 0 ? null : modules.get(request.command().substring(0, dot));
        return module != null && module.local(request);
    }

    private void refuse(PeerError error, @Nullable String replyTo, @Nullable String reference)
            throws InterruptedException {
        if (replyTo == null || replyTo.isEmpty()) {
            log.warn("A request on {} is refused: {}", LocalLists.REQUESTS, error.text());
            return;
        }
        Backlog.Builder backlog = Backlog.newBuilder().setReplyTo(replyTo);
        if (reference != null) {
            backlog.setReference(reference);
        }
        lists.error(backlog.build(), error);
    }

    private void reply(byte[] message) throws InterruptedException {
        switch (reader.response(message)) {
            case Local.Read<OutgoingResponse>(OutgoingResponse response) ->
                    outbox.respond(response);
            case Local.Unreadable<OutgoingResponse> unreadable ->
                    log.warn(
                            "An answer on {} is dropped: {}",
                            LocalLists.REPLIES,
                            unreadable.error().text());
        }
    }

    /** Takes nothing more, and waits for what was taken, no longer than this. */
    public void stop(Duration within) {
        stopped = true;
        long deadline = System.nanoTime() + within.toNanos();
        try {
            Duration half = within.dividedBy(2);
            requests.join(half);
            replies.join(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())).dividedBy(2));
            requests.interrupt();
            replies.interrupt();
            if (!outbox.awaitIdle(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())))) {
                log.warn("Messages that no relay took in time are given up");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
