package dev.rmb.peer.resp;

import java.net.URI;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How the embedded Redis is reached, and how much it holds.
 *
 * @param host to listen on
 * @param port 0 for any
 * @param password that clients have to give; {@code null} for none
 * @param maxBytes of keys and values; beyond them nothing is taken
 */
public record EmbeddedRedisSettings(
        String host, int port, @Nullable String password, long maxBytes) {
    /** As Redis has it. */
    public static final int DEFAULT_PORT = 6379;

    /** An eighth of the memory that the launcher gives the process. */
    public static final long DEFAULT_BYTES = 64L << 20;

    private static final String NAME = "embedded";
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "::1", "[::1]");
    private static final int MAX_PORT = 0xFFFF;

    public EmbeddedRedisSettings {
        if (port < 0 || port > MAX_PORT) {
            throw new IllegalArgumentException("no port: " + port);
        }
        if (password == null && !LOOPBACK.contains(host)) {
            throw new IllegalArgumentException(
                    "an embedded Redis that others can reach needs a password:"
                            + " embedded://:PASSWORD@HOST:PORT");
        }
    }

    /** Whether an address means this. */
    public static boolean isMeantBy(String address) {
        return address.equals(NAME) || address.startsWith(NAME + ":");
    }

    /**
     * Reads {@code embedded}, {@code embedded:PORT}, {@code embedded://[:PASSWORD@]HOST[:PORT]}.
     */
    public static EmbeddedRedisSettings parse(String address) {
        try {
            if (address.startsWith(NAME + "://")) {
                return of(URI.create(address));
            }
            int port =
                    address.equals(NAME)
                            ? DEFAULT_PORT
                            : Integer.parseInt(address.substring(NAME.length() + 1));
            return new EmbeddedRedisSettings("127.0.0.1", port, null, DEFAULT_BYTES);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "use embedded, embedded:PORT or embedded://:PASSWORD@HOST:PORT", e);
        }
    }

    private static EmbeddedRedisSettings of(URI uri) {
        String user = uri.getUserInfo();
        String host = uri.getHost();
        if (host == null) {
            throw new IllegalArgumentException("the embedded Redis has no host to listen on");
        }
        return new EmbeddedRedisSettings(
                host,
                uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort(),
                user == null ? null : user.substring(user.indexOf(':') + 1),
                DEFAULT_BYTES);
    }

    /** Where clients on this machine find it. */
    public String address(int boundPort) {
        return "redis://"
                + (password == null
                        ? ""
                        : ":"
                                + java.net.URLEncoder.encode(
                                        password, java.nio.charset.StandardCharsets.UTF_8)
                                + "@")
                + host
                + ":"
                + boundPort;
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "embedded://" + host + ":" + port;
    }
}
