package dev.rmb.standalone.command;

/** What a command's exit code says, where 1 (a failure) would say too little. */
final class ExitCode {
    static final int FAILURE = 1;

    /** The twin that was called answered with an error. */
    static final int TWIN_ERROR = 3;

    /** The call cannot be delivered: a relay says so, or there is no such twin. */
    static final int UNDELIVERABLE = 4;

    /** There was no answer in time. */
    static final int TIMEOUT = 5;

    /** No relay could be reached, or none takes this twin. */
    static final int NO_RELAY = 6;

    /** A list is printed, and pods that did not answer are missing in it. */
    static final int INCOMPLETE = 7;

    private ExitCode() {}
}
