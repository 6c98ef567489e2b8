package dev.rmb.server.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/**
 * Where something listens or is reached. In text {@code host:port}, an IPv6 address in brackets:
 * {@code [::1]:8080}.
 *
 * @param host a name or a literal address, without brackets
 * @param port 0 to 65535; where something listens, 0 is any free one
 */
public record HostPort(String host, int port) {
    private static final int MAX_PORT = 65_535;

    public HostPort {
        if (host.isBlank() || host.indexOf('[') >= 0 || host.indexOf(']') >= 0) {
            throw new IllegalArgumentException("'" + host + "' is no host");
        }
        if (port < 0 || port > MAX_PORT) {
            throw new IllegalArgumentException("port " + port + " is not within 0 to 65535");
        }
    }

    /**
     * @throws IllegalArgumentException that says what is wrong with {@code text}
     */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static HostPort parse(String text) {
        String trimmed = text.trim();
        int colon = trimmed.lastIndexOf(':');
        if (colon < 0 || trimmed.endsWith("]")) {
            throw new IllegalArgumentException(
                    "'" + text + "' has no port: write host:port, such as 127.0.0.1:8080");
        }
        String host = trimmed.substring(0, colon);
        if (host.isEmpty()) {
            throw new IllegalArgumentException(
                    "'" + text + "' has no host: 0.0.0.0" + trimmed + " means every address");
        }
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.indexOf(':') >= 0) {
            throw new IllegalArgumentException(
                    "'" + text + "' is ambiguous: write an IPv6 address in brackets, [::1]:8080");
        }
        return new HostPort(host, port(trimmed.substring(colon + 1), text));
    }

    private static int port(String digits, String text) {
        try {
            return Integer.parseInt(digits);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' has no number as its port", e);
        }
    }

    /** The same host with another port: the one that was bound, for example. */
    public HostPort withPort(int other) {
        return new HostPort(host, other);
    }

    /**
     * Whether only this machine can reach it. A name other than {@code localhost} is looked up, so
     * this may block.
     */
    public boolean isLoopback() {
        if (host.equals("localhost")) {
            return true;
        }
        try {
            InetAddress[] addresses = InetAddress.getAllByName(host);
            for (InetAddress address : addresses) {
                if (!address.isLoopbackAddress()) {
                    return false;
                }
            }
            return true;
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** Looks a name up, so this may block; the address is unresolved where the look-up failed. */
    public InetSocketAddress socketAddress() {
        return new InetSocketAddress(host, port);
    }

    @Override
    @JsonValue
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
