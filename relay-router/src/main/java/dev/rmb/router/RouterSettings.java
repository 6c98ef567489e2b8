package dev.rmb.router;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.rmb.router.federation.FederationSettings;
import dev.rmb.router.stream.StreamSettings;
import dev.rmb.server.config.HostPort;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The {@code router} section of the configuration.
 *
 * @param name of this pod; names its threads and Kafka clients
 * @param listen where gateways open their links; other machines' only with TLS
 * @param advertised where gateways reach {@code listen}; absent: as it is bound
 * @param domains by which twins name this relay
 * @param startTimeout how long Kafka may take to answer when the router starts
 * @param federation how messages go to other relays
 */
public record RouterSettings(
        @JsonProperty(defaultValue = "router") String name,
        @JsonProperty(defaultValue = "127.0.0.1:8082") HostPort listen,
        @Nullable HostPort advertised,
        @JsonProperty(defaultValue = "[localhost]") List<String> domains,
        @JsonProperty(defaultValue = "30s") Duration startTimeout,
        StreamSettings streams,
        DeliverySettings delivery,
        RouterLinkSettings links,
        FederationSettings federation) {

    public RouterSettings {
        if (name.isBlank()) {
            throw new IllegalArgumentException("name must not be empty");
        }
        domains = List.copyOf(domains);
        if (domains.isEmpty()) {
            throw new IllegalArgumentException("domains must name at least one");
        }
        if (startTimeout.toMillis() < 1) {
            throw new IllegalArgumentException("startTimeout must be at least 1ms");
        }
        if (links.tls() == null && !links.insecure() && !listen.isLoopback()) {
            throw new IllegalArgumentException(
                    "listen: '"
                            + listen
                            + "' can be reached from other machines, so links need TLS: set"
                            + " router.links.tls (certificate, key, trust) and the same for"
                            + " gateways, or, on a network where you trust everybody,"
                            + " router.links.insecure: true");
        }
        if (advertised == null && isEveryAddress(listen.host())) {
            throw new IllegalArgumentException(
                    "advertised is required where listen is every address of a machine ('"
                            + listen
                            + "'): say by which host and port gateways reach this router");
        }
    }

    private static boolean isEveryAddress(String host) {
        return host.equals("0.0.0.0") || host.equals("::");
    }
}
