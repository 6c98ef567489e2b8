package dev.rmb.gateway;

import com.codahale.metrics.MetricRegistry;
import dev.rmb.cluster.bans.Bans;
import dev.rmb.cluster.limits.Limits;
import dev.rmb.cluster.link.LinkConnector;
import dev.rmb.cluster.trace.Outcomes;
import dev.rmb.gateway.accept.EnvelopeLog;
import dev.rmb.gateway.auth.Authenticator;
import dev.rmb.gateway.edge.Admission;
import dev.rmb.gateway.edge.Edge;
import dev.rmb.gateway.edge.EdgeTransport;
import dev.rmb.gateway.edge.RunningTransport;
import dev.rmb.gateway.federation.Federation;
import dev.rmb.gateway.http.PublicPort;
import dev.rmb.gateway.links.Links;
import dev.rmb.gateway.lookup.TwinsRoute;
import dev.rmb.gateway.loop.EventLoops;
import dev.rmb.gateway.offers.Offering;
import dev.rmb.gateway.ratelimit.RateLimiter;
import dev.rmb.gateway.session.SessionList;
import dev.rmb.gateway.session.SessionLoops;
import dev.rmb.gateway.session.Sessions;
import dev.rmb.gateway.socket.Sockets;
import dev.rmb.gateway.socket.TrustedProxies;
import dev.rmb.gateway.tls.EdgeTls;
import dev.rmb.gateway.tls.EdgeTlsSettings;
import dev.rmb.kafka.KafkaSettings;
import dev.rmb.server.config.HostPort;
import dev.rmb.server.lifecycle.Lifecycle;
import dev.rmb.twins.RelayDomains;
import dev.rmb.twins.TwinDirectory;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A running gateway. It holds no message once the log has it, and nothing that another gateway
 * could not rebuild.
 */
public final class Gateway implements AutoCloseable {
    /** Above what each part allows itself. */
    private static final Duration STOP = Duration.ofSeconds(10);

    private final Lifecycle parts = new Lifecycle();

    /** What clients come in by. */
    private final Lifecycle doors = new Lifecycle();

    private final int partitions;
    private final Links links;
    private final Sockets sockets;
    private final Sessions sessions;
    private final Drain drain;
    private final HostPort address;
    private final List<HostPort> transportAddresses = new ArrayList<>();

    /**
     * Starts a gateway and returns when it serves clients: the log takes envelopes, the present
     * owners of all partitions are known, the public port listens. Blocks its caller. The topics
     * must exist ({@link dev.rmb.cluster.Topics#required}).
     *
     * @param directory and {@code connector} stay the caller's to close, after the gateway
     * @param domains by which twins name this relay
     * @param bans as they are known already
     * @param limits likewise, where they were changed; takes up those of this gateway
     * @throws IOException if the port cannot be listened on
     * @throws IllegalStateException if Kafka does not answer in time
     */
    public static Gateway start(
            GatewaySettings settings,
            KafkaSettings kafka,
            TwinDirectory directory,
            RelayDomains domains,
            LinkConnector connector,
            Bans bans,
            Limits limits,
            MetricRegistry metrics,
            Clock clock)
            throws IOException {
        return start(
                settings,
                new KafkaBackbone(settings, kafka),
                directory,
                domains,
                connector,
                bans,
                limits,
                metrics,
                clock);
    }

    static Gateway start(
            GatewaySettings settings,
            Backbone backbone,
            TwinDirectory directory,
            RelayDomains domains,
            LinkConnector connector,
            Bans bans,
            Limits limits,
            MetricRegistry metrics,
            Clock clock)
            throws IOException {
        return new Gateway(
                settings, backbone, directory, domains, connector, bans, limits, metrics, clock);
    }

    private Gateway(
            GatewaySettings settings,
            Backbone backbone,
            TwinDirectory directory,
            RelayDomains domains,
            LinkConnector connector,
            Bans bans,
            Limits limits,
            MetricRegistry metrics,
            Clock clock)
            throws IOException {
        try {
            String name = settings.name();
            GatewayLimits own = GatewayLimits.of(limits, settings);
            EventLoops loops = EventLoops.start(name, settings.loopCount(), settings.io());
            parts.add("the event loops", STOP, loops);
            long inFlight = settings.accept().inFlight().toBytes();
            var sessionLoops =
                    new SessionLoops(loops.group(), settings.sessions(), inFlight, clock);
            var limiter = new RateLimiter(own.rate());
            this.partitions = backbone.partitions();
            var offering = new Offering(settings.offers(), backbone.partitions(), metrics);
            links =
                    new Links(
                            name,
                            backbone.partitions(),
                            connector,
                            settings.links(),
                            sessionLoops.all(),
                            limiter,
                            offering,
                            metrics);
            parts.add("the links", STOP, links);
            offering.connect(links);
            EnvelopeLog envelopes = backbone.openLog(offering);
            parts.add("the way into the log", STOP, envelopes);
            parts.add("the owners' follower", STOP, backbone.followOwners(links));
            var authenticator = new Authenticator(name, directory, settings.auth(), bans, clock);
            parts.add("authentication", STOP, authenticator);
            sockets =
                    new Sockets(
                            loops,
                            settings.connections(),
                            own.connections(),
                            new TrustedProxies(settings.trustedProxies()),
                            bans,
                            tls(name, settings.tls(), metrics),
                            metrics);
            parts.add("the connections", STOP, sockets::awaitConnections);
            var port = new PublicPort(settings.http(), sockets);
            metrics.gauge("rmb_gateway_unfinished_body_bytes", () -> port::unfinishedBytes);
            sessions =
                    new Sessions(
                            sessionLoops,
                            settings.sessions(),
                            own.sessions(),
                            envelopes,
                            links,
                            limiter,
                            bans,
                            metrics);
            drain = new Drain(settings.drain(), sessions, loops.group());
            Duration departure = settings.drain().period().plus(STOP);
            doors.add("the sessions", departure, drain::awaitDeparture);
            var admission = new Admission(authenticator, sessions, sessionLoops, metrics);
            var edge = new Edge(port, sockets, admission, metrics);
            for (EdgeTransport transport : settings.transports()) {
                RunningTransport running = doors.add("a transport", STOP, transport.start(edge));
                HostPort opened = running.address();
                if (opened != null) {
                    transportAddresses.add(opened);
                }
            }
            if (settings.federation().enabled()) {
                var federation =
                        new Federation(
                                name,
                                settings.federation(),
                                own.federation(),
                                directory,
                                domains,
                                links,
                                admission,
                                bans,
                                metrics,
                                clock);
                parts.add("federation", STOP, federation);
                port.add(federation.route());
            }
            if (backbone.hasTwinsOf(directory)) {
                port.add(new TwinsRoute(directory, own.lookUps(), clock, metrics));
            }
            doors.add("the public port", STOP, port);
            address = port.start(settings.listen());
            doors.add("being ready", settings.drain().grace().plus(STOP), drain::awaitGrace);
        } catch (IOException | RuntimeException e) {
            doors.close();
            parts.close();
            throw e;
        }
    }

    private @Nullable EdgeTls tls(
            String name, @Nullable EdgeTlsSettings settings, MetricRegistry metrics) {
        return settings == null
                ? null
                : parts.add("TLS", STOP, EdgeTls.open(name, settings, metrics));
    }

    /** Where the public port listens. */
    public HostPort address() {
        return address;
    }

    /** Where transports listen that have ports of their own, in the order of the settings. */
    public List<HostPort> transportAddresses() {
        return List.copyOf(transportAddresses);
    }

    /** Whether the public port speaks TLS. */
    public boolean isSecure() {
        return sockets.isSecure();
    }

    /** How many clients are connected. */
    public long sessions() {
        return sessions.count();
    }

    /** What became lately of what clients sent. */
    public Outcomes outcomes() {
        return sessions.outcomes();
    }

    /** What operators may see of them. */
    public SessionList sessionList() {
        return sessions.list();
    }

    /** Of the log. */
    public int partitions() {
        return partitions;
    }

    /**
     * The partitions that no router has served for as long as clients bear it ({@code
     * links.cutOff}).
     */
    public List<Integer> unserved() {
        return links.unserved();
    }

    public GatewayState state() {
        return drain.state();
    }

    /**
     * Begins to take leave of the clients: is not ready any more, then takes no new ones, then ends
     * the sessions with 1001, spread over the period for that. Does not wait for it; does nothing
     * twice.
     */
    public void drain() {
        drain.begin();
    }

    /**
     * Takes clients again, wherever the drain had got to.
     *
     * @return {@code false} if that is too late: this gateway stops
     */
    public boolean undrain() {
        return drain.undo();
    }

    /**
     * Drains, and waits for it, bounded: from then on there are no clients and no port any more.
     * What clients sent is still under way into the log until {@link #close}.
     */
    public void leave() {
        doors.close();
    }

    /**
     * Stops: leaves, and waits for what is under way into the log, all of it bounded in time. Does
     * nothing twice.
     */
    @Override
    public synchronized void close() {
        doors.close();
        parts.close();
    }
}
