package dev.rmb.router;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.rmb.cluster.tls.TlsSettings;
import org.jspecify.annotations.Nullable;

/**
 * How links from gateways are kept from others.
 *
 * @param tls mutual TLS
 * @param insecure for development: other machines may link without TLS, and anybody there can read
 *     and forge what goes over it
 */
public record RouterLinkSettings(
        @Nullable TlsSettings tls, @JsonProperty(defaultValue = "false") boolean insecure) {
    public RouterLinkSettings {
        if (tls != null && insecure) {
            throw new IllegalArgumentException(
                    "insecure says no TLS where tls says how: remove one");
        }
    }
}
