package dev.rmb.client;

import java.nio.ByteBuffer;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A message on its way out. Belongs to the session's loop once it was handed over. */
final class Outgoing {
    private final ByteBuffer bytes;
    private final long deadline;
    private final boolean repeatable;
    private final Consumer<@Nullable RmbException> end;
    private @Nullable Future<?> timer;

    /**
     * A message that was not handed over yet.
     *
     * @param bytes one envelope; read-only
     * @param deadline of {@link System#nanoTime}; not sent after it
     * @param repeatable whether it does no harm if it arrives twice
     * @param end told once, on the loop: {@code null} when the message was written to a socket, or
     *     why it was not; must not block
     */
    Outgoing(
            ByteBuffer bytes,
            long deadline,
            boolean repeatable,
            Consumer<@Nullable RmbException> end) {
        this.bytes = bytes;
        this.deadline = deadline;
        this.repeatable = repeatable;
        this.end = end;
    }

    /** A view of its own on the envelope. */
    ByteBuffer bytes() {
        return bytes.duplicate();
    }

    /** How long it may still wait; not positive when its time is over. */
    long remainingNanos() {
        return deadline - System.nanoTime();
    }

    boolean isRepeatable() {
        return repeatable;
    }

    boolean hasTimer() {
        return timer != null;
    }

    /** What ends it in time while there is no connection. */
    void timer(Future<?> expiry) {
        timer = expiry;
    }

    /** It does not wait any more; lets go of its timer, which holds the bytes. */
    void leave() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    /** It is written, or why it never will be. */
    void end(@Nullable RmbException failure) {
        leave();
        end.accept(failure);
    }
}
