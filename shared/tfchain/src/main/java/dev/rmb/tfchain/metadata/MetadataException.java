package dev.rmb.tfchain.metadata;

/** A chain whose metadata does not have what is needed, or in another form. */
public final class MetadataException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public MetadataException(String message) {
        super(message);
    }
}
