package dev.rmb.peer.relay;

import dev.rmb.peer.message.PeerError;

/** A message did not go to any relay. */
public final class SendException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient PeerError error;

    SendException(PeerError error, Throwable cause) {
        super(error.text(), cause);
        this.error = error;
    }

    /** What its sender is told. */
    public PeerError error() {
        return error;
    }
}
