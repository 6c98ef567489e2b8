package dev.rmb.gateway.edge;

/** A client began in a way that leads to no session. Its message goes to the client. */
public final class HandshakeException extends Exception {
    private static final long serialVersionUID = 1L;

    public HandshakeException(String reason) {
        // Clients' doing: nobody reads the trace.
        super(reason, null, false, false);
    }

    String reason() {
        String message = getMessage();
        return message == null ? "bad handshake" : message;
    }
}
