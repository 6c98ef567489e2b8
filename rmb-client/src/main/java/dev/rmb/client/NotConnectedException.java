package dev.rmb.client;

/** Something could not be sent in its time, because there was no connection to the relay. */
public final class NotConnectedException extends RmbException {
    NotConnectedException(String message) {
        super(message, null, true);
    }
}
