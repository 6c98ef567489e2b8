package dev.rmb.gateway.tls;

import com.codahale.metrics.Counter;
import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import dev.rmb.cluster.tls.ServerTls;
import dev.rmb.cluster.tls.TlsChanges;
import dev.rmb.cluster.tls.TlsException;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS on the ports of a gateway, with the JDK's own implementation: it speaks all that clients do,
 * its signatures are made on threads apart from the event loops, and there is no native library to
 * keep up with. Thread-safe; owns threads.
 */
public final class EdgeTls implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EdgeTls.class);

    /**
     * Forward secret, and authenticated as they encrypt. In TLS 1.3 there are no others; what a
     * platform does not have is left out.
     */
    private static final List<String> CIPHERS =
            List.of(
                    "TLS_AES_128_GCM_SHA256",
                    "TLS_AES_256_GCM_SHA384",
                    "TLS_CHACHA20_POLY1305_SHA256",
                    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
                    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
                    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
                    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
                    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
                    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    static {
        // A client of TLS 1.2 could ask for one signature after the other over one connection.
        if (System.getProperty("jdk.tls.rejectClientInitiatedRenegotiation") == null) {
            System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
        }
    }

    private final ServerTls files;
    private final SslContext context;
    private final ThreadPoolExecutor handshakes;
    private final Counter done;
    private final Counter failed;

    private EdgeTls(
            ServerTls files,
            SslContext context,
            ThreadPoolExecutor handshakes,
            MetricRegistry metrics) {
        this.files = files;
        this.context = context;
        this.handshakes = handshakes;
        this.done = metrics.counter("rmb_gateway_tls_handshakes_total");
        this.failed = metrics.counter("rmb_gateway_tls_handshakes_failed_total");
    }

    /**
     * Reads the files and begins to follow them.
     *
     * @param gateway names the threads
     * @throws TlsException if the files cannot be used
     * @throws IllegalArgumentException if none of the protocols and ciphers can be spoken here
     */
    public static EdgeTls open(String gateway, EdgeTlsSettings settings, MetricRegistry metrics) {
        ServerTls files =
                ServerTls.open(
                        settings.certificate(),
                        settings.key(),
                        gateway,
                        settings.lookEvery(),
                        new Changes(metrics));
        try {
            SslContext context = context(files, settings);
            var handshakes =
                    new ThreadPoolExecutor(
                            settings.threads(),
                            settings.threads(),
                            0,
                            TimeUnit.SECONDS,
                            new ArrayBlockingQueue<>(settings.queue()),
                            Thread.ofPlatform().name(gateway + "-tls-", 0).daemon().factory());
            return new EdgeTls(files, context, handshakes, metrics);
        } catch (RuntimeException e) {
            files.close();
            throw e;
        }
    }

    /** Whatever comes behind this in the pipeline speaks over TLS. On the channel's event loop. */
    public void secure(Channel channel) {
        SslHandler handler = context.newHandler(channel.alloc(), handshakes);
        // Whoever takes the connection has a limit for all that comes before its session.
        handler.setHandshakeTimeoutMillis(0);
        var _ =
                handler.handshakeFuture()
                        .addListener(shaken -> {
                            if (shaken.isSuccess()) {
                                done.inc();
                            } else {
                                failed.inc();
                                log.debug(
                                        "No TLS with {}: {}",
                                        channel.remoteAddress(),
                                        String.valueOf(shaken.cause()));
                            }
                        });
        channel.pipeline().addLast(handler);
    }

    @Override
    public void close() {
        handshakes.shutdownNow();
        files.close();
    }

    private static SslContext context(ServerTls files, EdgeTlsSettings settings) {
        try {
            SslContext context =
                    SslContextBuilder.forServer(files.keyManager())
                            .sslProvider(SslProvider.JDK)
                            .protocols(settings.protocols())
                            .ciphers(
                                    settings.ciphers().isEmpty() ? CIPHERS : settings.ciphers(),
                                    SupportedCipherSuiteFilter.INSTANCE)
                            .build();
            refuseUnknown(settings.ciphers(), context);
            return context;
        } catch (SSLException e) {
            throw new IllegalArgumentException(
                    "gateway.tls: " + settings.protocols() + " cannot be spoken here", e);
        }
    }

    /** Left out silently they would weaken what was asked for, or leave nothing to speak. */
    private static void refuseUnknown(List<String> asked, SslContext context) {
        List<String> unknown =
                asked.stream().filter(cipher -> !context.cipherSuites().contains(cipher)).toList();
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException(
                    "gateway.tls.ciphers: there is no "
                            + String.join(", ", unknown)
                            + " here; known are "
                            + String.join(", ", known()));
        }
    }

    private static List<String> known() {
        try {
            SSLParameters supported = SSLContext.getDefault().getSupportedSSLParameters();
            return Arrays.asList(supported.getCipherSuites());
        } catch (NoSuchAlgorithmException e) {
            return CIPHERS;
        }
    }

    /** What becomes of the files, as metrics. */
    private static final class Changes implements TlsChanges {
        private final Counter reloads;
        private final Counter refused;
        private volatile long expires;
        private boolean first = true;

        Changes(MetricRegistry metrics) {
            this.reloads = metrics.counter("rmb_gateway_tls_reloads_total");
            this.refused = metrics.counter("rmb_gateway_tls_reloads_refused_total");
            var _ =
                    metrics.gauge(
                            "rmb_gateway_tls_certificate_expires_timestamp_seconds",
                            () -> (Gauge<Long>) () -> expires);
        }

        @Override
        public void inUse(Instant until) {
            expires = until.getEpochSecond();
            if (!first) {
                reloads.inc();
            }
            first = false;
        }

        @Override
        public void refused() {
            refused.inc();
        }
    }
}
