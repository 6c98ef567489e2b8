package dev.rmb.gateway.auth;

import dev.rmb.protocol.Address;

/** What became of a token. */
public sealed interface Authentication {
    /**
     * The client may use this address.
     *
     * @param until when its token expires, in seconds since the epoch
     */
    record Accepted(Address address, long until) implements Authentication {}

    /**
     * It may not.
     *
     * @param status of HTTP
     * @param reason goes to the client
     */
    record Refused(int status, String reason) implements Authentication {}
}
