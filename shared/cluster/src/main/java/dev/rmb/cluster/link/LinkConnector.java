package dev.rmb.cluster.link;

/** Opens links: the gateway's side. Thread-safe. */
public interface LinkConnector extends AutoCloseable {
    /**
     * Starts to open a link; never blocks. What comes of it is told to {@code listener}, within a
     * time-out of the transport.
     *
     * @param endpoint as the router's claim names it
     */
    void connect(String endpoint, LinkListener<GatewayMessage, RouterMessage> listener);

    /** Closes every link it opened. */
    @Override
    void close();
}
