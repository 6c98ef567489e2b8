package dev.rmb.gateway.conformance;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** One of the relay's transports, and how it says what all of them say. */
interface Dialect {
    /** Whether it is known where the relay speaks it. */
    boolean isServed(RelayUnderTest relay);

    Client connect(RelayUnderTest relay, String token) throws IOException;

    /**
     * Tries to connect and is refused.
     *
     * @param token {@code null} to show none
     */
    Refusal refused(RelayUnderTest relay, @Nullable String token) throws IOException;

    /** Whether answers have HTTP's status. */
    boolean hasStatus();

    /** How it says that a newer connection has the address. */
    String replaced();

    /** How it says that something is no envelope. */
    String notAnEnvelope();

    /** How it says that a message is above 16 MiB. */
    String tooBig();

    /**
     * @param status of HTTP; 0 where there is none
     */
    record Refusal(int status, String text) {}
}
