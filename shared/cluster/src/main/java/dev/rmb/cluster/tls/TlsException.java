package dev.rmb.cluster.tls;

import org.jspecify.annotations.Nullable;

/** The files of a {@link TlsSettings} cannot be used; the message names the file and says why. */
public final class TlsException extends RuntimeException {
    private static final long serialVersionUID = 1;

    TlsException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
