package dev.rmb.gateway.edge;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.dropwizard.jackson.Discoverable;
import java.io.IOException;

/**
 * A way for clients to connect: a record of its settings, named by {@code type} in the
 * configuration. A jar adds one with {@code @JsonTypeName} and its name in {@code
 * META-INF/services/dev.rmb.gateway.edge.EdgeTransport}.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
public interface EdgeTransport extends Discoverable {
    /**
     * Begins to take clients: adds routes to the public port, or listens on its own.
     *
     * @throws IOException if it cannot listen
     */
    RunningTransport start(Edge edge) throws IOException;
}
