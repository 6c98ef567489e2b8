package dev.rmb.client;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** What a stage failed of, without what stages wrap around it. */
final class Causes {
    private Causes() {}

    static Throwable of(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
