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

    /** Without the password. */
    @Override
    public String toString() {
        return uri().toString();
    }
}
