package dev.rmb.gateway.tcp;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.rmb.gateway.edge.Edge;
import dev.rmb.gateway.edge.EdgeTransport;
import dev.rmb.gateway.edge.RunningTransport;
import dev.rmb.gateway.edge.StreamPort;
import dev.rmb.gateway.socket.PortOptions;
import dev.rmb.server.config.HostPort;
import io.dropwizard.util.DataSize;
import java.io.IOException;
import java.time.Duration;

/**
 * Length-prefixed frames on a port of its own.
 *
 * @param listen its port
 * @param maxMessage bytes of one envelope
 * @param maxToken bytes of a token
 * @param handshakeTimeout from the connection to its being let in
 * @param tls whether it is spoken over TLS, where {@code gateway.tls} is set
 * @param proxyProtocol whether connections of trusted proxies begin with a PROXY header
 */
@JsonTypeName("tcp")
public record TcpTransport(
        @JsonProperty(defaultValue = "127.0.0.1:8090") HostPort listen,
        @JsonProperty(defaultValue = "16MiB") DataSize maxMessage,
        @JsonProperty(defaultValue = "16KiB") DataSize maxToken,
        @JsonProperty(defaultValue = "10s") Duration handshakeTimeout,
        @JsonProperty(defaultValue = "true") boolean tls,
        @JsonProperty(defaultValue = "false") boolean proxyProtocol)
        implements EdgeTransport {

    /** The log takes no larger one (delivery.md, 17). */
    private static final long MAX_MESSAGE = 16 << 20;

    private static final long MAX_TOKEN = 1 << 20;

    public TcpTransport {
        if (maxMessage.toBytes() < 1 || maxMessage.toBytes() > MAX_MESSAGE) {
            throw new IllegalArgumentException("maxMessage must be 1 byte to 16MiB");
        }
        if (maxToken.toBytes() < 1 || maxToken.toBytes() > MAX_TOKEN) {
            throw new IllegalArgumentException("maxToken must be 1 byte to 1MiB");
        }
        if (handshakeTimeout.toMillis() < 1) {
            throw new IllegalArgumentException("handshakeTimeout must be at least 1ms");
        }
    }

    @Override
    public RunningTransport start(Edge edge) throws IOException {
        return StreamPort.open(
                edge,
                listen,
                new PortOptions(tls, proxyProtocol),
                handshakeTimeout,
                new TcpProtocol(maxToken.toBytes(), maxMessage.toBytes()));
    }
}
