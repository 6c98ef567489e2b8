package dev.rmb.router.federation;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.rmb.twins.RelayDomains;
import io.dropwizard.util.DataSize;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How messages go to other relays.
 *
 * @param timeout for one relay to take a message, connecting included; a second more for each MiB
 * @param passes over all relays of a twin, before a message is put off
 * @param passPause between two of them, roughly
 * @param lookBack failures of so long a time count against a relay
 * @param retryAfter the shortest time for which a message is put off
 * @param retryAtMost the longest one
 * @param perRelay messages that one relay may be given at once
 * @param inAll the same, for all relays together
 * @param inFlight bytes of the same; exceeded by at most one message
 * @param plainHttp relays that are spoken to without TLS, however they are written; {@code *} means
 *     all
 * @param allowPrivate whether relays may have addresses of this machine and of private networks,
 *     and any port
 * @param passOn whether what other relays brought is sent on, too: for a relay that is left for its
 *     successor, and for no other, or messages may go in circles
 * @param trust PEM: the authorities that sign relays' certificates; absent: those that Java trusts
 */
public record FederationSettings(
        @JsonProperty(defaultValue = "3s") Duration timeout,
        @JsonProperty(defaultValue = "3") int passes,
        @JsonProperty(defaultValue = "200ms") Duration passPause,
        @JsonProperty(defaultValue = "1h") Duration lookBack,
        @JsonProperty(defaultValue = "1s") Duration retryAfter,
        @JsonProperty(defaultValue = "1m") Duration retryAtMost,
        @JsonProperty(defaultValue = "32") int perRelay,
        @JsonProperty(defaultValue = "512") int inAll,
        @JsonProperty(defaultValue = "32MiB") DataSize inFlight,
        @JsonProperty(defaultValue = "[]") List<String> plainHttp,
        @JsonProperty(defaultValue = "false") boolean allowPrivate,
        @JsonProperty(defaultValue = "false") boolean passOn,
        @Nullable Path trust) {
    private static final int MAX_PASSES = 10;
    private static final int MAX_AT_ONCE = 1 << 16;
    private static final Duration LONGEST = Duration.ofHours(24);

    public FederationSettings {
        plainHttp = RelayDomains.of(plainHttp).domains();
        require(timeout, "timeout", Duration.ofMinutes(1));
        require(passPause, "passPause", Duration.ofSeconds(10));
        require(lookBack, "lookBack", LONGEST);
        require(retryAfter, "retryAfter", Duration.ofHours(1));
        require(retryAtMost, "retryAtMost", Duration.ofHours(1));
        if (retryAtMost.compareTo(retryAfter) < 0) {
            throw new IllegalArgumentException("retryAtMost must not be less than retryAfter");
        }
        if (passes < 1 || passes > MAX_PASSES) {
            throw new IllegalArgumentException("passes must be 1 to " + MAX_PASSES);
        }
        if (perRelay < 1 || perRelay > inAll || inAll > MAX_AT_ONCE) {
            throw new IllegalArgumentException(
                    "perRelay must be 1 to inAll, and inAll at most " + MAX_AT_ONCE);
        }
        if (inFlight.toBytes() < 1) {
            throw new IllegalArgumentException("inFlight must be at least 1B");
        }
    }

    private static void require(Duration value, String name, Duration atMost) {
        if (value.toMillis() < 1 || value.compareTo(atMost) > 0) {
            throw new IllegalArgumentException(
                    name + " must be 1ms to " + atMost.toSeconds() + "s");
        }
    }
}
