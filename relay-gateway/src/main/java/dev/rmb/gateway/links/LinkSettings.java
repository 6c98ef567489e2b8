package dev.rmb.gateway.links;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.rmb.cluster.tls.TlsSettings;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How links to routers are kept.
 *
 * @param retryAfter the shortest pause before a broken link is opened again
 * @param retryAtMost the longest one
 * @param cutOff how long a partition's owner may be out of reach before its clients are sent away,
 *     so that they go where they can be served
 * @param answerTimeout how long an owner may take to say whether an address is connected
 * @param tls mutual TLS; without it only routers on this machine are linked
 * @param insecure for development: routers on other machines may be linked without TLS, and anybody
 *     there can read and forge what goes over it
 */
public record LinkSettings(
        @JsonProperty(defaultValue = "50ms") Duration retryAfter,
        @JsonProperty(defaultValue = "2s") Duration retryAtMost,
        @JsonProperty(defaultValue = "10s") Duration cutOff,
        @JsonProperty(defaultValue = "1s") Duration answerTimeout,
        @Nullable TlsSettings tls,
        @JsonProperty(defaultValue = "false") boolean insecure) {

    public LinkSettings {
        if (retryAfter.toMillis() < 1 || retryAtMost.compareTo(retryAfter) < 0) {
            throw new IllegalArgumentException(
                    "retryAfter must be at least 1ms and at most retryAtMost");
        }
        if (cutOff.toMillis() < 1 || answerTimeout.toMillis() < 1) {
            throw new IllegalArgumentException("cutOff and answerTimeout must be at least 1ms");
        }
        if (tls != null && insecure) {
            throw new IllegalArgumentException(
                    "insecure says no TLS where tls says how: remove one");
        }
    }
}
