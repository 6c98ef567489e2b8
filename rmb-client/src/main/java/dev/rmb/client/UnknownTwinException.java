package dev.rmb.client;

/** There is no twin with this number, so nothing was sent. */
public final class UnknownTwinException extends RmbException {
    private final long twin;

    UnknownTwinException(long twin) {
        super("there is no twin " + twin, null, false);
        this.twin = twin;
    }

    /** Who there is not. */
    public long twin() {
        return twin;
    }
}
