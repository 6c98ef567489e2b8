package dev.rmb.server.admin;

import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.health.HealthCheckRegistry;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rmb.server.config.HostPort;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.jackson.Jackson;
import io.dropwizard.jersey.validation.Validators;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The admin port of a process: {@code /health/live}, {@code /health/ready}, {@code /metrics}, and
 * whichever Jersey resources are registered before the start. Their errors are {@code
 * application/problem+json}.
 *
 * <p>Checks run on the thread of the request that asks: they must not block.
 */
public final class AdminServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(AdminServer.class);

    private final AdminConfig config;
    private final MetricRegistry metrics;
    private final HealthCheckRegistry liveness = new HealthCheckRegistry();
    private final HealthCheckRegistry readiness = new HealthCheckRegistry();
    private final Environment environment;
    private @Nullable Server server;

    /**
     * @param metrics served on {@code /metrics}
     */
    public AdminServer(AdminConfig config, MetricRegistry metrics) {
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
        register(new LocalHostOnly());
        register(new ProblemMapper());
        register(new HealthResource(liveness, readiness));
        register(new MetricsResource(metrics));
    }

    /** Serves a Jersey resource, filter or mapper; before the start. */
    public void register(Object resource) {
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
     */
    public void start() {
        var factory = new AdminServerFactory(config.listen());
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

    /** Ends requests under way within a few seconds. Harmless when not started. */
    @Override
    public void close() {
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
