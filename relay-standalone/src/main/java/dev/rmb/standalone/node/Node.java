package dev.rmb.standalone.node;

import com.codahale.metrics.MetricRegistry;
import dev.rmb.cluster.Topics;
import dev.rmb.cluster.limits.LimitKind;
import dev.rmb.cluster.link.Endpoint;
import dev.rmb.cluster.link.GrpcLinkAcceptor;
import dev.rmb.cluster.link.GrpcLinkConnector;
import dev.rmb.cluster.link.InProcessLinks;
import dev.rmb.cluster.link.LinkAcceptor;
import dev.rmb.cluster.link.LinkConnector;
import dev.rmb.cluster.link.LinkSecurity;
import dev.rmb.cluster.link.LinkWarmUp;
import dev.rmb.cluster.members.Heartbeat;
import dev.rmb.cluster.members.Member;
import dev.rmb.cluster.members.Members;
import dev.rmb.cluster.tls.PodTls;
import dev.rmb.cluster.tls.TlsSettings;
import dev.rmb.cluster.trace.LogSearch;
import dev.rmb.gateway.DrainSettings;
import dev.rmb.gateway.Gateway;
import dev.rmb.gateway.GatewayLimits;
import dev.rmb.gateway.admin.GatewayTraces;
import dev.rmb.gateway.admin.SessionsResource;
import dev.rmb.gateway.links.LinkSettings;
import dev.rmb.kafka.KafkaSettings;
import dev.rmb.kafka.KafkaWait;
import dev.rmb.kafka.TopicSetup;
import dev.rmb.kafka.TopicWatch;
import dev.rmb.router.Router;
import dev.rmb.router.RouterLimits;
import dev.rmb.router.RouterLinkSettings;
import dev.rmb.router.admin.FederationResource;
import dev.rmb.router.admin.MailboxesResource;
import dev.rmb.router.admin.PartitionsResource;
import dev.rmb.router.admin.RouterTraces;
import dev.rmb.router.stream.OpenPartitions;
import dev.rmb.server.admin.AdminServer;
import dev.rmb.server.bans.BansResource;
import dev.rmb.server.config.HostPort;
import dev.rmb.server.lifecycle.Lifecycle;
import dev.rmb.server.limits.LimitsResource;
import dev.rmb.server.logging.LoggersResource;
import dev.rmb.server.metrics.ProcessMetrics;
import dev.rmb.server.peers.PeerTls;
import dev.rmb.server.peers.Peers;
import dev.rmb.server.pods.PodSelf;
import dev.rmb.server.pods.PodsResource;
import dev.rmb.server.traces.TraceSource;
import dev.rmb.server.traces.TracesResource;
import dev.rmb.server.twins.OpenTwins;
import dev.rmb.server.twins.TwinsResource;
import dev.rmb.twins.RelayDomains;
import dev.rmb.twins.TwinDirectory;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running relay process: a gateway, a router, or both. Whatever was started is stopped by {@link
 * #close}, the last first.
 */
public final class Node implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Node.class);

    /** How long Kafka may take to show up when the process starts. */
    private static final Duration KAFKA_PATIENCE = Duration.ofSeconds(60);

    /** How long each part may take to stop: the longest is a router whose Kafka is away. */
    private static final Duration STOP = Duration.ofSeconds(40);

    /** Between two looks at the topics; each costs a request. */
    private static final Duration TOPICS = Duration.ofSeconds(5);

    /** Starting without it is slower, and nothing else. */
    private static final Duration WARM_UP = Duration.ofSeconds(2);

    /** That can be changed: of all pods, as each of them answers for all. */
    static final List<LimitKind> LIMITS =
            Stream.of(GatewayLimits.KINDS, RouterLimits.KINDS).flatMap(List::stream).toList();

    private final RelayConfig config;
    private final KafkaSettings kafka;
    private final MetricRegistry metrics = new MetricRegistry();
    private final Clock clock = Clock.systemUTC();
    private final long incarnation = new SecureRandom().nextLong();

    private final Lifecycle parts = new Lifecycle();
    private @Nullable Router router;
    private @Nullable Gateway gateway;
    private @Nullable ClusterSettings settings;
    private @Nullable HostPort clients;
    private @Nullable HostPort admin;
    private @Nullable HostPort advertisedAdmin;
    private boolean secureAdmin;
    private volatile @Nullable Heartbeat heartbeat;
    private final CompletableFuture<Throwable> failure = new CompletableFuture<>();

    private Node(RelayConfig config) {
        this.config = config;
        this.kafka = config.kafka().settings();
    }

    /**
     * Starts a gateway and a router that are linked inside the process.
     *
     * @param broker is stopped last, also when this fails
     * @throws IOException if a port cannot be listened on
     * @throws RuntimeException if Kafka does not answer, or does not fit; the message says why
     */
    static Node both(RelayConfig config, AutoCloseable broker) throws IOException {
        String pod = config.gateway().name();
        return start(
                config,
                broker,
                pod,
                Set.of(Member.Role.GATEWAY, Member.Role.ROUTER),
                (node, directory) -> {
                    Endpoint self = new Endpoint(pod, node.incarnation);
                    InProcessLinks links = new InProcessLinks(self, self);
                    node.startRouter(directory, links.acceptor());
                    node.startGateway(directory, links.connector());
                });
    }

    /**
     * Starts a gateway.
     *
     * @throws IOException if a port cannot be listened on
     * @throws RuntimeException if Kafka does not answer, or does not fit; the message says why
     */
    public static Node gateway(RelayConfig config) throws IOException {
        String pod = config.gateway().name();
        return start(
                config,
                () -> {},
                pod,
                Set.of(Member.Role.GATEWAY),
                (node, directory) -> {
                    LinkSettings links = config.gateway().links();
                    node.startGateway(
                            directory,
                            new GrpcLinkConnector(
                                    new Endpoint(pod, node.incarnation),
                                    node.security(links.tls(), links.insecure(), pod)));
                });
    }

    /** Starts a router; throws like {@link #gateway}. */
    public static Node router(RelayConfig config) throws IOException {
        String pod = config.router().name();
        return start(
                config,
                () -> {},
                pod,
                Set.of(Member.Role.ROUTER),
                (node, directory) -> {
                    warmUpLinks();
                    HostPort advertised = config.router().advertised();
                    RouterLinkSettings links = config.router().links();
                    node.startRouter(
                            directory,
                            new GrpcLinkAcceptor(
                                    new Endpoint(pod, node.incarnation),
                                    config.router().listen().socketAddress(),
                                    advertised == null ? null : advertised.toString(),
                                    node.security(links.tls(), links.insecure(), pod)));
                });
    }

    /** Where clients connect; {@code null} if this process takes none. */
    public @Nullable HostPort clients() {
        return clients;
    }

    /** Whether they speak TLS there. */
    public boolean isSecure() {
        return gateway != null && gateway.isSecure();
    }

    public @Nullable HostPort admin() {
        return admin;
    }

    /** Whether the admin port is spoken to over TLS. */
    public boolean isAdminSecure() {
        return secureAdmin;
    }

    /** Completes when a part has failed for good: the process should stop, and be started again. */
    public CompletionStage<Throwable> failure() {
        return failure;
    }

    @Override
    public void close() {
        parts.close();
    }

    @FunctionalInterface
    private interface Roles {
        void start(Node node, TwinDirectory directory) throws IOException;
    }

    private static Node start(
            RelayConfig config,
            AutoCloseable broker,
            String pod,
            Set<Member.Role> roles,
            Roles what)
            throws IOException {
        Node node = new Node(config);
        node.parts.add("the broker", STOP, broker);
        try {
            Topics topics = new Topics(node.kafka);
            new TopicSetup(node.kafka, KAFKA_PATIENCE)
                    .ensure(
                            topics.required(
                                    // Gateways do not mind how long messages live.
                                    roles.contains(Member.Role.ROUTER)
                                            ? config.router().delivery().longestLife()
                                            : Duration.ZERO));
            ClusterSettings settings =
                    node.keep(
                            "the settings of the cluster",
                            ClusterSettings.start(node.kafka, topics.settings(), pod, node.clock));
            node.settings = settings;
            // Before anybody is let in, or any mail is taken.
            KafkaWait.until(
                    settings.topic().caughtUp(),
                    KAFKA_PATIENCE,
                    "bans and limits could not be read");
            OpenTwins twins =
                    node.keep("the twin directory", config.twins().open(node.kafka, node.metrics));
            what.start(node, twins.directory());
            node.startAdmin(twins, node.members(topics.members(), pod), pod, roles);
            node.startHeartbeat(topics.members(), pod, roles);
            node.leaveFirst();
            return node;
        } catch (IOException | RuntimeException e) {
            node.close();
            throw e;
        }
    }

    private static void warmUpLinks() throws IOException {
        try {
            LinkWarmUp.run(WARM_UP);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while starting", e);
        }
    }

    private LinkSecurity security(@Nullable TlsSettings tls, boolean insecure, String pod) {
        if (tls != null) {
            return new LinkSecurity.Encrypted(keep("the TLS files", PodTls.open(tls, pod)));
        }
        if (insecure) {
            log.warn("Links are open to everybody on the network: links.insecure is set");
            return new LinkSecurity.None();
        }
        return new LinkSecurity.OnThisMachine();
    }

    private void startGateway(TwinDirectory directory, LinkConnector connector) throws IOException {
        StartChecks.warn(config.gateway());
        keep("the links to routers", connector);
        Gateway started =
                keep(
                        "the gateway",
                        Gateway.start(
                                config.gateway(),
                                kafka,
                                directory,
                                RelayDomains.of(config.router().domains()),
                                connector,
                                settings().bans().bans(),
                                settings().limits().limits(),
                                metrics,
                                clock));
        gateway = started;
        clients = started.address();
    }

    private ClusterSettings settings() {
        ClusterSettings known = settings;
        if (known == null) {
            throw new IllegalStateException("the settings are followed before all else");
        }
        return known;
    }

    /**
     * Clients leave before anything else stops: until they have, this pod is seen to be there, and
     * not to be ready.
     */
    private void leaveFirst() {
        Gateway leaving = gateway;
        if (leaving != null) {
            DrainSettings drain = config.gateway().drain();
            parts.add("the clients", drain.grace().plus(drain.period()).plus(STOP), leaving::leave);
        }
    }

    private void startRouter(TwinDirectory directory, LinkAcceptor acceptor) throws IOException {
        keep("the links from gateways", acceptor);
        Router started =
                keep(
                        "the router",
                        Router.start(
                                config.router(),
                                kafka,
                                directory,
                                acceptor,
                                settings().limits().limits(),
                                metrics,
                                clock));
        router = started;
        var _ = started.failure().thenAccept(failure::complete);
    }

    /** Returns when the others can know of this pod. */
    private void startHeartbeat(String topic, String pod, Set<Member.Role> roles) {
        var self =
                new Member(
                        pod, roles, incarnation, Build.version(), String.valueOf(advertisedAdmin));
        Heartbeat started = keep("the heartbeat", new Heartbeat(kafka, topic, self));
        heartbeat = started;
        KafkaWait.until(started.start(), KAFKA_PATIENCE, "Kafka did not take a heartbeat");
    }

    /** Who else is alive: a router follows that anyway. */
    private Members members(String topic, String pod) {
        Router known = router;
        if (known != null) {
            return known.members();
        }
        Members followed = keep("the members' follower", new Members(kafka, topic, pod));
        followed.start();
        return followed;
    }

    private boolean isHeard() {
        Heartbeat beating = heartbeat;
        return beating != null && beating.isHeard();
    }

    private void startAdmin(OpenTwins twins, Members members, String pod, Set<Member.Role> roles) {
        ProcessMetrics.register(metrics);
        AdminServer server = keep("the admin port", adminServer());
        server.register(new TwinsResource(twins, RelayDomains.of(config.router().domains())));
        server.register(new LoggersResource());
        server.register(new BansResource(settings().bans(), clock));
        Peers peers =
                keep(
                        "the questions to other pods",
                        new Peers(pod, members::alive, PeerTls.of(config.admin())));
        server.register(
                new SessionsResource(
                        Optional.ofNullable(gateway).map(Gateway::sessionList), peers, clock));
        Optional<OpenPartitions> partitions = Optional.ofNullable(router).map(Router::partitions);
        server.register(new PodsResource(self(pod, roles), peers));
        server.register(new LimitsResource(LIMITS, settings().limits(), peers, clock));
        server.register(new PartitionsResource(partitions, kafka.partitions(), peers));
        server.register(new MailboxesResource(partitions, kafka.partitions(), peers));
        server.register(
                new FederationResource(Optional.ofNullable(router).map(Router::federation), peers));
        List<TraceSource> traces = new ArrayList<>();
        if (gateway != null) {
            traces.add(new GatewayTraces(gateway.outcomes()));
        }
        partitions.ifPresent(open -> traces.add(new RouterTraces(open)));
        server.register(
                new TracesResource(
                        traces,
                        new LogSearch(kafka, new Topics(kafka).envelopes(), pod),
                        kafka.partitions(),
                        peers,
                        clock));
        server.liveness().register("deadlock", HealthChecks.deadlock());
        server.readiness().register("kafka", HealthChecks.kafka(this::isHeard));
        Topics topics = new Topics(kafka);
        TopicWatch watch =
                keep(
                        "the look at the topics",
                        new TopicWatch(
                                kafka,
                                pod,
                                List.of(topics.envelopes(), topics.owners(), topics.members()),
                                TOPICS));
        server.readiness().register("topics", HealthChecks.topics(watch));
        if (gateway != null) {
            server.readiness().register("clients", HealthChecks.clients(gateway));
            server.readiness().register("routers", HealthChecks.routers(gateway));
        }
        if (router != null) {
            server.readiness().register("router", HealthChecks.router(router));
        }
        server.start();
        admin = server.address();
        advertisedAdmin = server.advertised();
        secureAdmin = server.isSecure();
    }

    private PodSelf self(String pod, Set<Member.Role> roles) {
        return new PodSelf(
                pod,
                roles,
                Build.version(),
                Optional.ofNullable(gateway).map(DrainableGateway::new),
                Optional.ofNullable(router).map(RunningRouter::new));
    }

    private AdminServer adminServer() {
        // Whoever runs a whole relay for himself has nobody to keep out.
        return gateway != null && router != null
                ? AdminServer.trustingThisMachine(config.admin(), metrics)
                : AdminServer.guarded(config.admin(), metrics);
    }

    private <T extends AutoCloseable> T keep(String name, T part) {
        return parts.add(name, STOP, part);
    }
}
