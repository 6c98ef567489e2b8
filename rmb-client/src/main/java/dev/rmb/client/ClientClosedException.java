package dev.rmb.client;

/** The client was closed before it could do this. */
public final class ClientClosedException extends RmbException {
    ClientClosedException() {
        super("the client is closed", null, false);
    }
}
