package dev.rmb.client;

/** The directory could not say who a twin is, so nothing was sent to it. */
public final class LookUpException extends RmbException {
    LookUpException(long twin, Throwable cause) {
        super("twin " + twin + " cannot be looked up: " + cause.getMessage(), cause, true);
    }
}
