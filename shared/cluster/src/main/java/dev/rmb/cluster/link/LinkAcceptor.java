package dev.rmb.cluster.link;

/** Accepts links: the router's side. */
public interface LinkAcceptor extends AutoCloseable {
    /**
     * Begins to accept. Call once.
     *
     * @param listener for all links
     * @return the endpoint that gateways connect to; what a claim names
     * @throws java.io.IOException if the address cannot be listened on
     */
    String start(LinkListener<RouterMessage, GatewayMessage> listener) throws java.io.IOException;

    /** Closes every link and stops accepting. */
    @Override
    void close();
}
