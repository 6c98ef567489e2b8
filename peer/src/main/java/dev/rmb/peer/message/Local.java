package dev.rmb.peer.message;

import org.jspecify.annotations.Nullable;

/** What a local program pushed, read. */
public sealed interface Local<T> {
    /** It is what it should be. */
    record Read<T>(T message) implements Local<T> {}

    /**
     * It is not.
     *
     * @param replyTo where its sender waits, as far as that could be read
     * @param reference the sender's mark, likewise
     */
    record Unreadable<T>(PeerError error, @Nullable String replyTo, @Nullable String reference)
            implements Local<T> {}
}
