package dev.rmb.client;

/** Takes what a connection receives, message after message. Must not block. */
@FunctionalInterface
interface Incoming {
    /**
     * Takes a message.
     *
     * @param message one envelope
     * @param done to be run once when the message is no longer worked on; until then it counts
     *     against the connection's {@link ReceiveWindow}
     */
    void received(byte[] message, Runnable done);
}
