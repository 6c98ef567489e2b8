package dev.rmb.gateway;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.rmb.cluster.net.AddressRange;
import dev.rmb.gateway.accept.AcceptSettings;
import dev.rmb.gateway.auth.AuthSettings;
import dev.rmb.gateway.edge.EdgeTransport;
import dev.rmb.gateway.federation.FederationSettings;
import dev.rmb.gateway.http.HttpSettings;
import dev.rmb.gateway.links.LinkSettings;
import dev.rmb.gateway.lookup.LookUpSettings;
import dev.rmb.gateway.loop.IoKind;
import dev.rmb.gateway.offers.OfferSettings;
import dev.rmb.gateway.ratelimit.RateLimitSettings;
import dev.rmb.gateway.session.SessionSettings;
import dev.rmb.gateway.socket.ConnectionSettings;
import dev.rmb.gateway.tls.EdgeTlsSettings;
import dev.rmb.server.config.HostPort;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The {@code gateway} section of the configuration.
 *
 * @param name of this pod; names its threads and Kafka clients
 * @param listen the public port
 * @param loops event loops; 0: one for every two processors
 * @param startTimeout how long Kafka may take to answer when the gateway starts
 * @param io what sockets are served with
 * @param trustedProxies addresses of balancers and proxies whose word is taken for where a client
 *     is from
 * @param tls absent: clients are spoken to in the clear, or by a balancer that ends their TLS
 * @param transports by which clients connect
 */
public record GatewaySettings(
        @JsonProperty(defaultValue = "gateway") String name,
        @JsonProperty(defaultValue = "127.0.0.1:8080") HostPort listen,
        @JsonProperty(defaultValue = "0") int loops,
        @JsonProperty(defaultValue = "auto") IoKind io,
        @JsonProperty(defaultValue = "30s") Duration startTimeout,
        @JsonProperty(defaultValue = "[]") List<AddressRange> trustedProxies,
        @Nullable EdgeTlsSettings tls,
        ConnectionSettings connections,
        HttpSettings http,
        AuthSettings auth,
        SessionSettings sessions,
        RateLimitSettings rateLimit,
        LookUpSettings lookUps,
        FederationSettings federation,
        AcceptSettings accept,
        OfferSettings offers,
        LinkSettings links,
        DrainSettings drain,
        @JsonProperty(defaultValue = "[{type: websocket}]") List<EdgeTransport> transports) {

    private static final int MAX_LOOPS = 256;

    public GatewaySettings {
        if (name.isBlank()) {
            throw new IllegalArgumentException("name must not be empty");
        }
        if (loops < 0 || loops > MAX_LOOPS) {
            throw new IllegalArgumentException("loops must be 0 to " + MAX_LOOPS);
        }
        if (startTimeout.toMillis() < 1) {
            throw new IllegalArgumentException("startTimeout must be at least 1ms");
        }
        trustedProxies = List.copyOf(trustedProxies);
        if (http.proxyProtocol() && trustedProxies.isEmpty()) {
            throw new IllegalArgumentException(
                    "http.proxyProtocol needs trustedProxies: whose headers are believed");
        }
        transports = List.copyOf(transports);
        if (transports.isEmpty()) {
            throw new IllegalArgumentException("transports must name at least one");
        }
    }

    /** How many event loops that makes on this machine. */
    int loopCount() {
        return loops > 0 ? loops : Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    }
}
