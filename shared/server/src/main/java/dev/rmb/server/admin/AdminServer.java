package dev.rmb.server.admin;

import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.health.HealthCheckRegistry;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rmb.cluster.tls.ServerTls;
import dev.rmb.cluster.tls.TlsChanges;
import dev.rmb.cluster.tls.TlsException;
import dev.rmb.server.access.Access;
import dev.rmb.server.access.Gate;
import dev.rmb.server.access.Needs;
import dev.rmb.server.access.Open;
import dev.rmb.server.config.HostPort;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.jackson.Jackson;
import io.dropwizard.jersey.validation.Validators;
import jakarta.ws.rs.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The admin port of a process: {@code /health/live}, {@code /health/ready}, {@code /metrics}, and
 * whichever Jersey resources are registered before the start. Each says which role it needs ({@link
 * Needs}, {@link Open}); changes are written to an audit log. Errors are {@code
 * application/problem+json}.
 *
 * <p>Checks run on the thread of the request that asks: they must not block.
 */
public final class AdminServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(AdminServer.class);
    private static final Duration TLS_LOOK = Duration.ofSeconds(10);

    private final AdminConfig config;
    private final MetricRegistry metrics;
    private final HealthCheckRegistry liveness = new HealthCheckRegistry();
    private final HealthCheckRegistry readiness = new HealthCheckRegistry();
    private final Environment environment;
    private final Set<Class<?>> resources = new LinkedHashSet<>();
    private final Gate gate;
    private @Nullable ServerTls tls;
    private @Nullable Server server;

    private AdminServer(AdminConfig config, MetricRegistry metrics, boolean trustLoopback) {
        this.config = config;
        this.metrics = metrics;
        ObjectMapper json =
                Jackson.newObjectMapper()
                        .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
        // Jetty and Jersey count a lot that nobody asked for: in a registry of their own.
        this.environment =
                new Environment(
                        "admin",
                        json,
                        Validators.newValidatorFactory(),
                        new MetricRegistry(),
                        AdminServer.class.getClassLoader(),
                        new HealthCheckRegistry(),
                        new Configuration());
        boolean trusting = trustLoopback && config.listen().isLoopback() && !config.hasTokens();
        this.gate = Gate.open(config.tokens(), config.tokenFile(), trusting, Clock.systemUTC());
        if (trusting) {
            register(new LocalHostOnly());
        } else if (!config.hasTokens()) {
            log.warn(
                    "Nobody can use the admin API: set admin.tokens or admin.tokenFile (see relay"
                            + " token create)");
        }
        register(
                new AccessFilter(
                        gate,
                        config.openMetrics() ? Set.of(MetricsResource.class) : Set.of(),
                        new AccessMetrics(metrics)));
        register(new AuditLog(metrics.counter("rmb_admin_changes_total")));
        register(new FlagFilter());
        register(new BodyWriting());
        register(new ProblemMapper());
        register(new HealthResource(liveness, readiness));
        register(new MetricsResource(metrics));
        register(new OpenApiResource(resources));
    }

    /**
     * Whoever wants to see or change anything needs a token.
     *
     * @param metrics served on {@code /metrics}
     * @throws IllegalArgumentException if the file of tokens cannot be used; the message says why
     */
    public static AdminServer guarded(AdminConfig config, MetricRegistry metrics) {
        return new AdminServer(config, metrics, false);
    }

    /**
     * Programs of this machine may do everything, unless there are tokens or other machines reach
     * the port; otherwise like {@link #guarded}.
     */
    public static AdminServer trustingThisMachine(AdminConfig config, MetricRegistry metrics) {
        return new AdminServer(config, metrics, true);
    }

    /**
     * Serves a Jersey resource, filter or mapper; before the start.
     *
     * @throws IllegalArgumentException if it is a resource that does not say which role it needs
     */
    public void register(Object resource) {
        Access.check(resource.getClass());
        if (resource.getClass().isAnnotationPresent(Path.class)) {
            resources.add(resource.getClass());
        }
        environment.jersey().register(resource);
    }

    /** Checks whose failure says that only a restart helps. */
    public HealthCheckRegistry liveness() {
        return liveness;
    }

    /** Checks whose failure says that no clients should be sent here for now. */
    public HealthCheckRegistry readiness() {
        return readiness;
    }

    public MetricRegistry metrics() {
        return metrics;
    }

    /**
     * Returns when the port is open.
     *
     * @throws AdminServerException if it cannot be opened
     * @throws TlsException if the TLS files cannot be used
     */
    public void start() {
        AdminTlsSettings secured = config.tls();
        if (secured != null) {
            tls =
                    ServerTls.open(
                            secured.certificate(),
                            secured.key(),
                            "admin",
                            TLS_LOOK,
                            TlsChanges.IGNORED);
        }
        var factory = new AdminServerFactory(new AdminConnectorFactory(config.listen(), tls));
        factory.configure(environment);
        Server built = factory.build(environment);
        try {
            built.start();
            server = built;
            log.debug("The admin port is {}", address());
        } catch (Exception e) {
            stop(built);
            throw new AdminServerException(
                    "the admin port cannot listen on "
                            + config.listen()
                            + ": "
                            + rootMessage(e)
                            + "; set admin.listen to a free address",
                    e);
        }
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.toString() : root.getMessage();
    }

    /** Where it listens, with the port that was bound; the configured address before the start. */
    public HostPort address() {
        Server started = server;
        return started == null
                ? config.listen()
                : config.listen()
                        .withPort(((ServerConnector) started.getConnectors()[0]).getLocalPort());
    }

    /** Whether it is spoken to over TLS. */
    public boolean isSecure() {
        return config.tls() != null;
    }

    /** Where other pods reach it. */
    public HostPort advertised() {
        HostPort configured = config.advertised();
        return configured == null ? address() : configured;
    }

    /** Ends requests under way within a few seconds. Harmless when not started. */
    @Override
    public void close() {
        gate.close();
        ServerTls followed = tls;
        if (followed != null) {
            followed.close();
        }
        Server started = server;
        server = null;
        if (started != null) {
            stop(started);
        }
    }

    private static void stop(Server server) {
        try {
            server.stop();
        } catch (Exception e) {
            log.warn("The admin port did not stop cleanly", e);
        }
    }
}
