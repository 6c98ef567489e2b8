package dev.rmb.router;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.rmb.server.config.HostPort;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The {@code router} section of the configuration.
 *
 * @param name of this pod; names its threads, Kafka clients and claims
 * @param link where gateways connect; not used where gateway and router are one process
 * @param advertised the {@code host:port} by which gateways reach {@code link}; absent: as it is
 *     bound
 * @param state directory for local copies of the mailboxes; the router's own, it may be lost
 * @param domains by which twins name this relay
 * @param threads that process partitions, 1 to 64
 * @param standbys warm copies of each mailbox on other routers, 0 to 3
 * @param sessionTimeout after which the partitions of a router that died are given to others
 * @param startTimeout how long joining and restoring may take when the router starts
 */
public record RouterSettings(
        @JsonProperty(defaultValue = "router") String name,
        @JsonProperty(defaultValue = "127.0.0.1:9090") HostPort link,
        @Nullable HostPort advertised,
        @JsonProperty(defaultValue = "./data/router") Path state,
        @JsonProperty(defaultValue = "[localhost]") List<String> domains,
        @JsonProperty(defaultValue = "1") int threads,
        @JsonProperty(defaultValue = "0") int standbys,
        @JsonProperty(defaultValue = "6s") Duration sessionTimeout,
        @JsonProperty(defaultValue = "5m") Duration startTimeout) {

    private static final int MAX_THREADS = 64;
    private static final int MAX_STANDBYS = 3;

    public RouterSettings {
        if (name.isBlank()) {
            throw new IllegalArgumentException("name must not be empty");
        }
        domains = List.copyOf(domains);
        if (domains.isEmpty()) {
            throw new IllegalArgumentException("domains must name at least one");
        }
        if (threads < 1 || threads > MAX_THREADS) {
            throw new IllegalArgumentException("threads must be 1 to " + MAX_THREADS);
        }
        if (standbys < 0 || standbys > MAX_STANDBYS) {
            throw new IllegalArgumentException("standbys must be 0 to " + MAX_STANDBYS);
        }
        if (sessionTimeout.toMillis() < 1_000) {
            throw new IllegalArgumentException("sessionTimeout must be at least 1s");
        }
        if (startTimeout.toMillis() < 1) {
            throw new IllegalArgumentException("startTimeout must be at least 1ms");
        }
    }
}
