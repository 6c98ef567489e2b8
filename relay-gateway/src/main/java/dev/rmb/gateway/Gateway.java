package dev.rmb.gateway;

import com.codahale.metrics.MetricRegistry;
import dev.rmb.cluster.link.LinkConnector;
import dev.rmb.gateway.accept.EnvelopeLog;
import dev.rmb.gateway.auth.Authenticator;
import dev.rmb.gateway.edge.Admission;
import dev.rmb.gateway.edge.Edge;
import dev.rmb.gateway.edge.EdgeTransport;
import dev.rmb.gateway.edge.RunningTransport;
import dev.rmb.gateway.http.PublicPort;
import dev.rmb.gateway.links.Links;
import dev.rmb.gateway.lookup.TwinsRoute;
import dev.rmb.gateway.loop.EventLoops;
import dev.rmb.gateway.ratelimit.RateLimiter;
import dev.rmb.gateway.session.SessionLoops;
import dev.rmb.gateway.session.Sessions;
import dev.rmb.gateway.socket.Sockets;
import dev.rmb.kafka.KafkaSettings;
import dev.rmb.server.config.HostPort;
import dev.rmb.server.lifecycle.Lifecycle;
import dev.rmb.twins.TwinDirectory;
import dev.rmb.twins.TwinListing;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A running gateway. It holds no message once the log has it, and nothing that another gateway
 * could not rebuild.
 */
public final class Gateway implements AutoCloseable {
    /** Above what each part allows itself. */
    private static final Duration STOP = Duration.ofSeconds(10);

    private final HostPort address;
    private final List<HostPort> transportAddresses;
    private final Lifecycle parts;

    private Gateway(HostPort address, List<HostPort> transportAddresses, Lifecycle parts) {
        this.address = address;
        this.transportAddresses = List.copyOf(transportAddresses);
        this.parts = parts;
    }

    /**
     * Starts a gateway and returns when it serves clients: the log takes envelopes, the present
     * owners of all partitions are known, the public port listens. Blocks its caller. The topics
     * must exist ({@link dev.rmb.cluster.Topics#required}).
     *
     * @param directory and {@code connector} stay the caller's to close, after the gateway
     * @throws IOException if the port cannot be listened on
     * @throws IllegalStateException if Kafka does not answer in time
     */
    public static Gateway start(
            GatewaySettings settings,
            KafkaSettings kafka,
            TwinDirectory directory,
            LinkConnector connector,
            MetricRegistry metrics,
            Clock clock)
            throws IOException {
        return start(
                settings, new KafkaBackbone(settings, kafka), directory, connector, metrics, clock);
    }

    static Gateway start(
            GatewaySettings settings,
            Backbone backbone,
            TwinDirectory directory,
            LinkConnector connector,
            MetricRegistry metrics,
            Clock clock)
            throws IOException {
        var parts = new Lifecycle();
        try {
            String name = settings.name();
            EventLoops loops = EventLoops.start(name, settings.loopCount());
            parts.add("the event loops", STOP, loops);
            long inFlight = settings.accept().inFlight().toBytes();
            var sessionLoops =
                    new SessionLoops(loops.group(), settings.sessions(), inFlight, clock);
            var links =
                    new Links(
                            name,
                            backbone.partitions(),
                            connector,
                            settings.links(),
                            sessionLoops.all(),
                            metrics);
            parts.add("the links", STOP, links);
            EnvelopeLog envelopes = backbone.openLog();
            parts.add("the way into the log", STOP, envelopes);
            parts.add("the owners' follower", STOP, backbone.followOwners(links));
            var authenticator = new Authenticator(name, directory, settings.auth(), clock);
            parts.add("authentication", STOP, authenticator);
            var sockets = new Sockets(loops, settings.connections(), metrics);
            parts.add("the connections", STOP, sockets::awaitConnections);
            var port = new PublicPort(settings.http(), sockets);
            var sessions =
                    new Sessions(
                            sessionLoops,
                            settings.sessions(),
                            envelopes,
                            links,
                            new RateLimiter(settings.rateLimit()),
                            metrics);
            parts.add("the sessions", STOP, sessions::stop);
            var admission = new Admission(authenticator, sessions, sessionLoops, metrics);
            var edge = new Edge(port, sockets, admission, metrics);
            List<HostPort> listening = new ArrayList<>();
            for (EdgeTransport transport : settings.transports()) {
                RunningTransport running = parts.add("a transport", STOP, transport.start(edge));
                HostPort own = running.address();
                if (own != null) {
                    listening.add(own);
                }
            }
            if (directory instanceof TwinListing && settings.lookUps().perRemote() > 0) {
                port.add(new TwinsRoute(directory, settings.lookUps(), clock, metrics));
            }
            parts.add("the public port", STOP, port);
            return new Gateway(port.start(settings.listen()), listening, parts);
        } catch (IOException | RuntimeException e) {
            parts.close();
            throw e;
        }
    }

    /** Where the public port listens. */
    public HostPort address() {
        return address;
    }

    /** Where transports listen that have ports of their own, in the order of the settings. */
    public List<HostPort> transportAddresses() {
        return transportAddresses;
    }

    /**
     * Stops: takes no new clients, ends the sessions with 1001, waits for what is under way into
     * the log, all of it bounded in time. Does nothing twice.
     */
    @Override
    public synchronized void close() {
        parts.close();
    }
}
