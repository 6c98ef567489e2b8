package dev.rmb.twins;

/** What became of a change to the registry. */
public sealed interface TwinChange {
    /**
     * It is made.
     *
     * @param twin as it is from now on; as it was, where it was deleted
     */
    record Made(Twin twin) implements TwinChange {}

    /**
     * Another twin is in the way.
     *
     * @param reason what is taken and by whom, for the one who asked
     */
    record Conflict(String reason) implements TwinChange {}

    /** There is no twin with this id. */
    record Unknown(long id) implements TwinChange {}
}
