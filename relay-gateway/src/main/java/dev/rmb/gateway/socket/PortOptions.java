package dev.rmb.gateway.socket;

/**
 * What comes before the first byte of a port's own protocol.
 *
 * @param tls whether it is spoken over TLS, where the gateway has any
 * @param proxyProtocol whether connections of trusted proxies begin with a PROXY header
 */
public record PortOptions(boolean tls, boolean proxyProtocol) {
    /** TLS where there is any, and no proxies. */
    public static final PortOptions DEFAULT = new PortOptions(true, false);
}
