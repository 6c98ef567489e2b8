package dev.rmb.elsewhere;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.rmb.gateway.edge.Edge;
import dev.rmb.gateway.edge.EdgeTransport;
import dev.rmb.gateway.edge.RunningTransport;
import dev.rmb.gateway.edge.StreamPort;
import dev.rmb.server.config.HostPort;
import java.io.IOException;
import java.time.Duration;

/**
 * Lines of text, for people with a terminal and for tests.
 *
 * @param listen its port
 * @param handshakeTimeout from the connection to its being let in
 */
@JsonTypeName("test-lines")
public record LinesTransport(
        HostPort listen, @JsonProperty(defaultValue = "10s") Duration handshakeTimeout)
        implements EdgeTransport {

    @Override
    public RunningTransport start(Edge edge) throws IOException {
        return StreamPort.open(edge, listen, handshakeTimeout, new LinesProtocol());
    }
}
