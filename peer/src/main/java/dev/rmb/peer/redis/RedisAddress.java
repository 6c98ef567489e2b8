package dev.rmb.peer.redis;

import io.lettuce.core.RedisURI;
import java.util.Map;

/**
 * Where a Redis is.
 *
 * @param text {@code redis://[user[:password]@]host[:port][/database]}, {@code rediss://…} for TLS,
 *     {@code unix:///path}
 */
public record RedisAddress(String text) {
    private static final Map<String, String> OTHER_NAMES =
            Map.of(
                    "tcp://", "redis://",
                    "unix://", "redis-socket://",
                    "redis+unix://", "redis-socket://");

    public RedisAddress {
        var _ = parse(text);
    }

    RedisURI uri() {
        return parse(text);
    }

    private static RedisURI parse(String text) {
        String address = text.contains("://") ? text : "redis://" + text;
        for (Map.Entry<String, String> name : OTHER_NAMES.entrySet()) {
            if (address.startsWith(name.getKey())) {
                address = name.getValue() + address.substring(name.getKey().length());
                break;
            }
        }
        try {
            return RedisURI.create(address);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(
                    "no address of a Redis; redis://host:port is expected", e);
        }
    }

    /** Without user and password, and with the port, which others may connect to. */
    @Override
    public String toString() {
        RedisURI uri = uri();
        String host = uri.getHost();
        if (uri.getSocket() != null || host == null) {
            return uri.toString();
        }
        return (uri.isSsl() ? "rediss://" : "redis://")
                + (host.contains(":") ? "[" + host + "]" : host)
                + ":"
                + uri.getPort()
                + (uri.getDatabase() == 0 ? "" : "/" + uri.getDatabase());
    }
}
