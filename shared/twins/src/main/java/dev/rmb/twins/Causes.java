package dev.rmb.twins;

import java.util.concurrent.CompletionException;

/** What a stage failed of, without what stages wrap around it. */
final class Causes {
    private Causes() {}

    static Throwable of(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
