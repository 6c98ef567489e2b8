package dev.rmb.gateway.session;

/**
 * A client's connection, as its session uses it: what a transport implements. All calls come on the
 * session's event loop, and none of them blocks.
 */
public interface Connection {
    /** By which transport it came, as configurations name it. */
    String transport();

    /** Queues an envelope for the client, behind everything queued before. */
    void write(byte[] envelope);

    /**
     * Likewise an envelope that the client must confirm.
     *
     * @param mark which confirms this one and everything written before, as that of a probe would;
     *     never smaller than an earlier one
     * @return whether the client confirms it without being asked, so that no probe is needed; the
     *     transport then reports this mark to {@link Session#confirmed} when it does
     */
    default boolean deliver(byte[] envelope, long mark) {
        write(envelope);
        return false;
    }

    /**
     * Queues a question that the client answers once it has received everything written before. The
     * transport reports the answer to {@link Session#confirmed} with the same mark; answers that it
     * did not ask for it keeps to itself.
     *
     * @param mark never smaller than that of an earlier probe
     */
    void probe(long mark);

    /** Sends what is queued. Called once for many writes. */
    void flush();

    /** Whether little enough waits to be sent. {@link Session#writable} tells when it turns so. */
    boolean isWritable();

    /** Bytes that wait to be sent, about. */
    long queuedBytes();

    /**
     * Stops or resumes reading. From the return of {@code read(false)} on the session gets no
     * envelope, not even one that had arrived before.
     */
    void read(boolean on);

    /** Tells the client why, as far as the transport can, and closes. */
    void close(Ending ending);
}
