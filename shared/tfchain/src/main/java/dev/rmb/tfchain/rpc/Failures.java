package dev.rmb.tfchain.rpc;

import java.util.concurrent.CompletionException;

/** What a stage failed of. */
public final class Failures {
    private Failures() {}

    /** Without what stages wrap around it. */
    public static Throwable cause(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** In a few words, for a log line. */
    public static String text(Throwable failure) {
        Throwable cause = cause(failure);
        String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message;
    }
}
