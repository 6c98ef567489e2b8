package dev.rmb.server.admin;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.rmb.server.config.HostPort;

/**
 * The {@code admin} section.
 *
 * @param listen where health, metrics and the admin API are served: this machine only
 */
public record AdminConfig(@JsonProperty(defaultValue = "127.0.0.1:8081") HostPort listen) {
    public AdminConfig {
        if (!listen.isLoopback()) {
            throw new IllegalArgumentException(
                    "listen: '"
                            + listen
                            + "' can be reached from other machines, and the admin port asks nobody"
                            + " who he is; use 127.0.0.1, [::1] or localhost");
        }
    }
}
