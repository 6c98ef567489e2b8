package dev.rmb.examples;

import java.net.URI;
import java.util.Map;

/**
 * Where the relay is that an example uses.
 *
 * @param address for clients
 * @param admin where twins are registered
 */
record Relay(URI address, URI admin) {
    /** That of {@code ./relay up}, unless {@code RMB_RELAY} and {@code RMB_ADMIN} name another. */
    static Relay of(Map<String, String> environment) {
        return new Relay(
                URI.create(environment.getOrDefault("RMB_RELAY", "ws://127.0.0.1:8080")),
                URI.create(environment.getOrDefault("RMB_ADMIN", "http://127.0.0.1:8081")));
    }
}
