package dev.rmb.kafka;

/** A topic exists, but not as the configuration needs it. Retrying does not help. */
public final class TopicMismatchException extends RuntimeException {
    private static final long serialVersionUID = 1;

    TopicMismatchException(String message) {
        super(message);
    }
}
