package dev.rmb.twins;

/** Hears that twins may have changed. Called on threads of the directory: must not block. */
@FunctionalInterface
public interface TwinWatcher {
    /**
     * A twin may be another than before, or there no longer, or there at last.
     *
     * @param id 0 if that is so for all of them
     */
    void changed(long id);
}
