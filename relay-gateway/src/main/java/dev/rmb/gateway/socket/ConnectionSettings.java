package dev.rmb.gateway.socket;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Which connections are taken, on all ports together.
 *
 * @param max connections, whatever they are for; 0: any number
 * @param perRemote connections from one remote address (of IPv6 its network of 64 bits); 0: any
 *     number. Behind a balancer or a proxy all clients come from one
 * @param ratePerRemote connections that one remote address may begin in a second; 0: any number
 * @param backlog connections that wait to be accepted
 */
public record ConnectionSettings(
        @JsonProperty(defaultValue = "0") int max,
        @JsonProperty(defaultValue = "0") int perRemote,
        @JsonProperty(defaultValue = "0") int ratePerRemote,
        @JsonProperty(defaultValue = "4096") int backlog) {

    public ConnectionSettings {
        if (max < 0 || perRemote < 0 || ratePerRemote < 0) {
            throw new IllegalArgumentException("limits of connections must not be negative");
        }
        if (backlog < 1) {
            throw new IllegalArgumentException("backlog must be at least 1");
        }
    }
}
