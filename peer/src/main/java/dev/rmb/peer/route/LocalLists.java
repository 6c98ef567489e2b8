package dev.rmb.peer.route;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.rmb.peer.message.LocalWriter;
import dev.rmb.peer.message.PeerError;
import dev.rmb.peer.redis.MessageStore;
import dev.rmb.peer.redis.StoreException;
import dev.rmb.proto.Backlog;
import dev.rmb.proto.Envelope;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lists and keys that local programs and the peer have agreed on. While Redis is away, what is
 * to be written waits, for as long as it is of use. Thread-safe; for virtual threads.
 */
public final class LocalLists {
    /** Where programs push what they ask. */
    public static final String REQUESTS = "msgbus.system.local";

    /** Where programs push what they answer. */
    public static final String REPLIES = "msgbus.system.reply";

    private static final Logger log = LoggerFactory.getLogger(LocalLists.class);
    private static final String PREFIX = "msgbus.";
    private static final String BACKLOG = "msgbus.backlog.";
    private static final long FIRST_PAUSE_MS = 200;
    private static final long LONGEST_PAUSE_MS = 2_000;
    private static final int MAX_COMMAND = 1024;

    /** For how long an answer to a program waits for Redis at least. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final MessageStore store;
    private final LocalWriter writer = new LocalWriter();
    private final InstantSource clock;
    private final AtomicBoolean away = new AtomicBoolean();
    private final CountDownLatch stopped = new CountDownLatch(1);

    public LocalLists(MessageStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    /** Whether requests with this command may be put on a list of its name. */
    public static boolean isServable(String command) {
        String list = PREFIX + command;
        return !command.isEmpty()
                && command.length() <= MAX_COMMAND
                && !list.equals(REQUESTS)
                && !list.equals(REPLIES)
                && !list.startsWith(BACKLOG);
    }

    /**
     * Takes what is next on a list of programs' messages.
     *
     * @return {@code null} if nothing came in time
     */
    byte @Nullable [] take(String list, Duration wait) throws InterruptedException {
        try {
            byte[] taken = store.take(list, wait);
            back();
            return taken;
        } catch (StoreException e) {
            lost(e);
            var _ = pause(FIRST_PAUSE_MS);
            return null;
        }
    }

    /**
     * Puts another twin's request where its command is served.
     *
     * @throws StoreException if that will not work
     */
    public void request(Envelope envelope) throws InterruptedException {
        byte[] message = writer.request(envelope, REPLIES);
        String list = PREFIX + envelope.getRequest().getCommand();
        patiently(deadline(envelope), () -> store.push(list, message));
    }

    /** Gives a program the answer that it waits for. */
    public void response(Backlog backlog, Envelope envelope) throws InterruptedException {
        answer(backlog, writer.response(envelope, reference(backlog)), deadline(envelope));
    }

    /** Tells a program that what it asked went wrong on this side. */
    public void error(Backlog backlog, PeerError error) throws InterruptedException {
        answer(backlog, writer.error(error, reference(backlog)), patience());
    }

    /** Tells a program something of this peer's own, in JSON. */
    public void answer(Backlog backlog, byte[] json) throws InterruptedException {
        answer(backlog, writer.answer(json, reference(backlog)), patience());
    }

    private void answer(Backlog backlog, byte[] message, long deadline)
            throws InterruptedException {
        try {
            patiently(deadline, () -> store.push(backlog.getReplyTo(), message));
        } catch (StoreException e) {
            log.warn(
                    "The answer to {} cannot be put on {}: {}",
                    backlog.getUid(),
                    backlog.getReplyTo(),
                    e.getMessage());
        }
    }

    private static @Nullable String reference(Backlog backlog) {
        return backlog.hasReference() ? backlog.getReference() : null;
    }

    /**
     * Remembers who waits for an answer.
     *
     * @throws StoreException if that will not work
     */
    public void remember(Backlog backlog) throws InterruptedException {
        patiently(
                patience(),
                () ->
                        store.remember(
                                BACKLOG + backlog.getUid(),
                                backlog.toByteArray(),
                                backlog.getTtl()));
    }

    /** Who waits for an answer, if anybody still does. */
    public Optional<Backlog> recall(Envelope answer) throws InterruptedException {
        try {
            Optional<byte[]> kept =
                    patiently(deadline(answer), () -> store.recall(BACKLOG + answer.getUid()));
            return kept.isEmpty() ? Optional.empty() : Optional.of(Backlog.parseFrom(kept.get()));
        } catch (InvalidProtocolBufferException | StoreException e) {
            log.warn("What was kept for {} cannot be read: {}", answer.getUid(), e.getMessage());
            return Optional.empty();
        }
    }

    private long patience() {
        return clock.millis() + PATIENCE.toMillis();
    }

    private long deadline(Envelope envelope) {
        // Their sum, by an honest sender; a later one waits no longer than our own would.
        long seconds = Math.clamp(envelope.getExpiration(), 0L, 1_800L);
        return clock.millis() + Duration.ofSeconds(seconds).toMillis();
    }

    private interface Step<T> {
        CompletionStage<T> begin();
    }

    private <T> T patiently(long deadline, Step<T> step) throws InterruptedException {
        long pause = FIRST_PAUSE_MS;
        while (true) {
            try {
                T done = step.begin().toCompletableFuture().get();
                back();
                return done;
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof StoreException failure)) {
                    throw new IllegalStateException(e.getCause());
                }
                if (!failure.isRetryable() || clock.millis() >= deadline) {
                    throw failure;
                }
                lost(failure);
                if (!pause(pause)) {
                    throw failure;
                }
                pause = Math.min(LONGEST_PAUSE_MS, 2 * pause);
            }
        }
    }

    /** Waits a little, so that what goes on failing does not do so all the time. */
    void rest() throws InterruptedException {
        var _ = pause(FIRST_PAUSE_MS);
    }

    /**
     * Waits.
     *
     * @return whether to go on
     */
    private boolean pause(long milliseconds) throws InterruptedException {
        return !stopped.await(milliseconds, TimeUnit.MILLISECONDS);
    }

    private void lost(StoreException failure) {
        if (!away.getAndSet(true)) {
            log.warn("{}; messages wait", failure.getMessage());
        }
    }

    private void back() {
        if (away.get() && away.getAndSet(false)) {
            log.info("Redis is back");
        }
    }

    /** Nothing waits for Redis from now on; what waits is given up at once. */
    public void stop() {
        stopped.countDown();
    }
}
