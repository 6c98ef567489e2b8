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
 * @param keepAlive how long a connection may be idle between two requests
 * @param bodyTimeout how long the body of a request may take
 * @param bodiesInAll bytes of request bodies whose end has not come, of all connections together;
 *     beyond it requests are told to come later
 * @param proxyProtocol whether connections of trusted proxies begin with a PROXY header
 * @param clientHeader the header in which trusted proxies name the client: the one that they set
 *     themselves, and no other, since clients may send any
 */
public record HttpSettings(
        @JsonProperty(defaultValue = "20KiB") DataSize maxRequestLine,
        @JsonProperty(defaultValue = "16KiB") DataSize maxHeaders,
        @JsonProperty(defaultValue = "10s") Duration handshakeTimeout,
        @JsonProperty(defaultValue = "60s") Duration keepAlive,
        @JsonProperty(defaultValue = "30s") Duration bodyTimeout,
        @JsonProperty(defaultValue = "64MiB") DataSize bodiesInAll,
        @JsonProperty(defaultValue = "false") boolean proxyProtocol,
        @JsonProperty(defaultValue = "x-forwarded-for") ClientHeader clientHeader) {

    private static final int MAX_HEAD = 1 << 20;

    public HttpSettings {
        check("maxRequestLine", maxRequestLine);
        check("maxHeaders", maxHeaders);
        if (handshakeTimeout.toMillis() < 1
                || keepAlive.toMillis() < 1
                || bodyTimeout.toMillis() < 1) {
            throw new IllegalArgumentException("time-outs must be at least 1ms");
        }
        if (bodiesInAll.toBytes() < 1) {
            throw new IllegalArgumentException("bodiesInAll must be at least 1 byte");
        }
    }

    private static void check(String name, DataSize size) {
        if (size.toBytes() < 1 || size.toBytes() > MAX_HEAD) {
            throw new IllegalArgumentException(name + " must be 1 byte to 1MiB");
        }
    }
}
