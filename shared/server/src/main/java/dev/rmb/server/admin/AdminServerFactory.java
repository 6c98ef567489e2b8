package dev.rmb.server.admin;

import io.dropwizard.core.server.AbstractServerFactory;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.util.Duration;
import jakarta.servlet.DispatcherType;
import java.util.EnumSet;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.SizeLimitHandler;

/**
 * Dropwizard's server with one connector and one context. Its own admin context is left out: it
 * would show threads and take profiles for whoever asks.
 */
final class AdminServerFactory extends AbstractServerFactory {
    /** Some requests wait for Kafka, and nobody sends many. */
    private static final int MAX_THREADS = 32;

    /** Requests at once. The other threads take connections, and questions about health. */
    static final int CROWD = 22;

    private static final int MIN_THREADS = 4;
    private static final int MAX_BODY_BYTES = 1 << 20;

    private final AdminConnectorFactory connector;

    AdminServerFactory(AdminConnectorFactory connector) {
        this.connector = connector;
        setMinThreads(MIN_THREADS);
        setMaxThreads(MAX_THREADS);
        setRegisterDefaultExceptionMappers(false);
        setShutdownGracePeriod(Duration.seconds(2));
        setEnableThreadNameFilter(false);
        setAllowedMethods(UnknownMethods.SERVED);
    }

    @Override
    public Server build(Environment environment) {
        Server server =
                buildServer(environment.lifecycle(), createThreadPool(environment.metrics()));
        Handler app =
                createAppServlet(
                        server,
                        environment.jersey(),
                        environment.getObjectMapper(),
                        environment.getValidator(),
                        environment.getApplicationContext(),
                        environment.getJerseyServletContainer(),
                        environment.metrics());
        var limited = new SizeLimitHandler(MAX_BODY_BYTES, -1);
        limited.setHandler(addGracefulHandler(buildGzipHandler(app)));
        server.setHandler(limited);
        server.setErrorHandler(new ProblemErrorHandler());
        environment.getApplicationContext().setErrorHandler(new ProblemErrorHandler());
        server.addConnector(connector.build(server, environment.metrics(), "admin", null));
        return server;
    }

    @Override
    public void configure(Environment environment) {
        environment.getApplicationContext().setContextPath("/");
        // Before Dropwizard's own, which ends what it does not know.
        var methods = environment.servlets().addFilter("methods", new UnknownMethods());
        methods.setAsyncSupported(true);
        methods.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), true, "/*");
        var crowd = environment.servlets().addFilter("crowd", new Crowd(CROWD));
        crowd.setAsyncSupported(true);
        crowd.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), true, "/*");
    }
}
