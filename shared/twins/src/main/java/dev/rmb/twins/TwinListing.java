package dev.rmb.twins;

/** A directory that knows all its twins, and not only those it is asked for. */
public interface TwinListing {
    /**
     * Twins by id. Never blocks.
     *
     * @param cursor 0, or {@link TwinPage#next} of the page before
     * @param limit at least 1
     * @throws DirectoryException if they are not all read yet
     */
    TwinPage list(long cursor, int limit);
}
