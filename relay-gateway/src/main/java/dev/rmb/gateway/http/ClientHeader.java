package dev.rmb.gateway.http;

/** Where a proxy names the client that a request is from. */
public enum ClientHeader {
    /** {@code X-Forwarded-For: client, proxy1, proxy2}. */
    X_FORWARDED_FOR,
    /** {@code Forwarded: for=client;proto=https, for=proxy1}; RFC 7239. */
    FORWARDED,
    /** Nowhere: requests of a proxy are its own. */
    NONE
}
