package dev.rmb.gateway.websocket;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.rmb.gateway.edge.Edge;
import dev.rmb.gateway.edge.EdgeTransport;
import dev.rmb.gateway.edge.RunningTransport;
import io.dropwizard.util.DataSize;

/**
 * WebSockets on the public port, on any path.
 *
 * @param maxFrame bytes of one frame
 * @param maxMessage bytes of one message, in all its frames
 */
@JsonTypeName("websocket")
public record WebSocketTransport(
        @JsonProperty(defaultValue = "16MiB") DataSize maxFrame,
        @JsonProperty(defaultValue = "16MiB") DataSize maxMessage)
        implements EdgeTransport {

    /** The log takes no larger one (delivery.md, 17). */
    private static final long MAX = 16 << 20;

    public WebSocketTransport {
        if (maxFrame.toBytes() < 1 || maxFrame.toBytes() > MAX) {
            throw new IllegalArgumentException("maxFrame must be 1 byte to 16MiB");
        }
        if (maxMessage.toBytes() < 1 || maxMessage.toBytes() > MAX) {
            throw new IllegalArgumentException("maxMessage must be 1 byte to 16MiB");
        }
    }

    @Override
    public RunningTransport start(Edge edge) {
        edge.http()
                .add(new UpgradeRoute(edge, (int) maxFrame.toBytes(), (int) maxMessage.toBytes()));
        // The public port is not this transport's to close.
        return () -> {};
    }
}
