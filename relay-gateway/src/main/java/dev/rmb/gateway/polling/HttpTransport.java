package dev.rmb.gateway.polling;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.rmb.gateway.edge.Edge;
import dev.rmb.gateway.edge.EdgeTransport;
import dev.rmb.gateway.edge.RunningTransport;
import io.dropwizard.util.DataSize;
import java.time.Duration;

/**
 * {@code /envelopes} on the public port.
 *
 * @param maxMessage bytes of one envelope
 * @param maxBody bytes of a request with several
 * @param maxAnswer bytes of a long poll's answer; one envelope may always be in it
 * @param longestWait how long a long poll waits for something to come, at most
 * @param linger how long a client that fetches nothing keeps its session
 */
@JsonTypeName("http")
public record HttpTransport(
        @JsonProperty(defaultValue = "16MiB") DataSize maxMessage,
        @JsonProperty(defaultValue = "17MiB") DataSize maxBody,
        @JsonProperty(defaultValue = "1MiB") DataSize maxAnswer,
        @JsonProperty(defaultValue = "25s") Duration longestWait,
        @JsonProperty(defaultValue = "30s") Duration linger)
        implements EdgeTransport {

    /** The log takes no larger one (delivery.md, 17). */
    private static final long MAX_MESSAGE = 16 << 20;

    /** What may be under way into the log is exceeded by at most one envelope for each loop. */
    private static final long MAX_BODY = 17 << 20;

    private static final long MAX_ANSWER = 64 << 20;

    public HttpTransport {
        if (maxMessage.toBytes() < 1 || maxMessage.toBytes() > MAX_MESSAGE) {
            throw new IllegalArgumentException("maxMessage must be 1 byte to 16MiB");
        }
        if (maxBody.toBytes() < maxMessage.toBytes() || maxBody.toBytes() > MAX_BODY) {
            throw new IllegalArgumentException("maxBody must be maxMessage to 17MiB");
        }
        if (maxAnswer.toBytes() < 1 || maxAnswer.toBytes() > MAX_ANSWER) {
            throw new IllegalArgumentException("maxAnswer must be 1 byte to 64MiB");
        }
        if (longestWait.isNegative() || linger.toMillis() < 1) {
            throw new IllegalArgumentException(
                    "longestWait must not be negative, linger at least 1ms");
        }
    }

    @Override
    public RunningTransport start(Edge edge) {
        edge.http().add(new EnvelopesRoute(edge.admission(), this));
        // The public port is not this transport's to close.
        return () -> {};
    }
}
