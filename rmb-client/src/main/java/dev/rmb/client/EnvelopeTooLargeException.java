package dev.rmb.client;

/** An envelope has more than 16 MiB, which no relay takes. It was not sent. */
public final class EnvelopeTooLargeException extends RmbException {
    EnvelopeTooLargeException(int bytes) {
        super("an envelope of " + bytes + " bytes", null, false);
    }
}
