package dev.rmb.standalone.command;

/** A command cannot do what it was asked; the message tells the user why, and what to do. */
final class CommandException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int exitCode;

    CommandException(String message) {
        super(message);
        this.exitCode = ExitCode.FAILURE;
    }

    CommandException(String message, Throwable cause) {
        this(ExitCode.FAILURE, message, cause);
    }

    CommandException(int exitCode, String message, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }
}
