package dev.rmb.cluster.link;

/**
 * One end of an open link. Thread-safe. A link object is one incarnation: after a break there is a
 * new one, and what was on its way is lost.
 *
 * @param <S> what this end sends
 */
public interface Link<S> {
    /** The pod at the other end. */
    String peer();

    /** Random; one for each start of the process at the other end. */
    long peerIncarnation();

    /**
     * Hands {@code message} over, in the order of the calls; never blocks. On a closed link it does
     * nothing: {@link LinkListener#closed} tells.
     */
    void send(S message);

    /**
     * Whether little enough waits to be sent. While this is {@code false}, hold back what can wait;
     * {@link LinkListener#writable} tells when it turns.
     */
    boolean isWritable();

    /** Ends the link; {@link LinkListener#closed} is called on both ends. Does nothing twice. */
    void close();
}
