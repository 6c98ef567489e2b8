package dev.rmb.cluster.link;

import org.jspecify.annotations.Nullable;

/**
 * Hears of links at one end. For one link the calls come one after the other, in this order:
 * opened, then received and writable in any number, then closed; or only closed when it could not
 * be opened. They come on threads of the link's transport, or on the other end's thread inside one
 * process: do not block in them.
 *
 * @param <S> what this end sends
 * @param <R> what it receives
 */
public interface LinkListener<S, R> {
    void opened(Link<S> link);

    void received(Link<S> link, R message);

    /** {@link Link#isWritable} became {@code true}. */
    void writable(Link<S> link);

    /**
     * @param link {@code null} if it never opened
     * @param cause {@code null} if one of the ends closed it on purpose
     */
    void closed(@Nullable Link<S> link, @Nullable Throwable cause);
}
