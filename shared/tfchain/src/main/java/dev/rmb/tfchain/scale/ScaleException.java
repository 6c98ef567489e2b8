package dev.rmb.tfchain.scale;

/** Bytes that are not what they should be: cut off, too long, or not in SCALE at all. */
public final class ScaleException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ScaleException(String message) {
        super(message);
    }
}
