package dev.rmb.gateway.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.util.DataSize;
import java.time.Duration;

/**
 * Limits of the public port.
 *
 * @param maxRequestLine which holds the token of a client that connects
 * @param maxHeaders of a request, together
 * @param handshakeTimeout from the connection to its upgrade or answer
 * @param backlog connections that wait to be accepted
 */
public record HttpSettings(
        @JsonProperty(defaultValue = "20KiB") DataSize maxRequestLine,
        @JsonProperty(defaultValue = "16KiB") DataSize maxHeaders,
        @JsonProperty(defaultValue = "10s") Duration handshakeTimeout,
        @JsonProperty(defaultValue = "4096") int backlog) {

    private static final int MAX_HEAD = 1 << 20;

    public HttpSettings {
        check("maxRequestLine", maxRequestLine);
        check("maxHeaders", maxHeaders);
        if (handshakeTimeout.toMillis() < 1) {
            throw new IllegalArgumentException("handshakeTimeout must be at least 1ms");
        }
        if (backlog < 1) {
            throw new IllegalArgumentException("backlog must be at least 1");
        }
    }

    private static void check(String name, DataSize size) {
        if (size.toBytes() < 1 || size.toBytes() > MAX_HEAD) {
            throw new IllegalArgumentException(name + " must be 1 byte to 1MiB");
        }
    }
}
