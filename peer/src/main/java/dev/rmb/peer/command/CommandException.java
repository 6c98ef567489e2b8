package dev.rmb.peer.command;

import org.jspecify.annotations.Nullable;

/** The peer cannot do what it was asked; the message tells the user why, and what to do. */
final class CommandException extends RuntimeException {
    private static final long serialVersionUID = 1;

    CommandException(String message) {
        super(message);
    }

    CommandException(@Nullable String message, Throwable cause) {
        super(message, cause);
    }
}
