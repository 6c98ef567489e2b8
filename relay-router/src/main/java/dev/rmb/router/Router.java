package dev.rmb.router;

import com.codahale.metrics.MetricRegistry;
import dev.rmb.cluster.link.LinkAcceptor;
import dev.rmb.kafka.KafkaSettings;
import dev.rmb.router.stream.RouterMetrics;
import dev.rmb.router.stream.RouterStreams;
import dev.rmb.twins.TwinDirectory;
import java.io.IOException;
import java.time.Clock;

/** A running router. Everything it would be missed for is in Kafka. Thread-safe. */
public final class Router implements AutoCloseable {
    private final RouterStreams streams;

    private Router(RouterStreams streams) {
        this.streams = streams;
    }

    /**
     * Starts a router and returns when it owns its share of the partitions. Blocks its caller. The
     * topics must exist ({@link dev.rmb.cluster.Topics#required}).
     *
     * @param directory and {@code acceptor} stay the caller's to close, after the router
     * @throws IOException if links cannot be listened for
     * @throws IllegalStateException if Kafka did not give it partitions in time
     */
    public static Router start(
            RouterSettings settings,
            KafkaSettings kafka,
            TwinDirectory directory,
            LinkAcceptor acceptor,
            MetricRegistry metrics,
            Clock clock)
            throws IOException {
        return new Router(
                RouterStreams.start(
                        settings, kafka, directory, acceptor, new RouterMetrics(metrics), clock));
    }

    /** Whether it processes every partition that it was given. */
    public boolean isRunning() {
        return streams.isRunning();
    }

    /** Gives its partitions to other routers and stops; bounded in time. */
    @Override
    public void close() {
        streams.close();
    }
}
