package dev.rmb.server.admin;

import dev.rmb.cluster.tls.ServerTls;
import dev.rmb.server.config.HostPort;
import io.dropwizard.jetty.HttpConnectorFactory;
import java.security.GeneralSecurityException;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.Scheduler;
import org.eclipse.jetty.util.thread.ThreadPool;
import org.jspecify.annotations.Nullable;

/** Dropwizard's connector, with TLS from PEM files that may change. */
final class AdminConnectorFactory extends HttpConnectorFactory {
    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    private final @Nullable ServerTls tls;

    AdminConnectorFactory(HostPort listen, @Nullable ServerTls tls) {
        this.tls = tls;
        setBindHost(listen.host());
        setPort(listen.port());
        setAcceptorThreads(Optional.of(1));
        setSelectorThreads(Optional.of(1));
    }

    @Override
    protected ServerConnector buildConnector(
            Server server,
            Scheduler scheduler,
            ByteBufferPool buffers,
            String name,
            @Nullable ThreadPool threads,
            ConnectionFactory... factories) {
        ConnectionFactory[] all =
                tls == null
                        ? factories
                        : Stream.concat(Stream.of(secured(tls)), Stream.of(factories))
                                .toArray(ConnectionFactory[]::new);
        return super.buildConnector(server, scheduler, buffers, name, threads, all);
    }

    private static SslConnectionFactory secured(ServerTls tls) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {tls.keyManager()}, null, null);
            var server = new SslContextFactory.Server();
            server.setSslContext(context);
            server.setIncludeProtocols(PROTOCOLS);
            server.setSniRequired(false);
            server.setRenegotiationAllowed(false);
            return new SslConnectionFactory(server, HttpVersion.HTTP_1_1.asString());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java speaks TLS", e);
        }
    }
}
