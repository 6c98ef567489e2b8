package dev.rmb.bench.load;

/** A run that cannot start or go on. The message is for the user. */
public final class LoadException extends RuntimeException {
    public LoadException(String message) {
        super(message);
    }
}
