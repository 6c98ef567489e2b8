package dev.rmb.client;

import dev.rmb.protocol.Address;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A request to another twin, before it is sent. Immutable. */
public final class Call {
    /** How long an answer is awaited unless told otherwise. */
    public static final Duration DEFAULT_TTL = Duration.ofMinutes(1);

    private static final String FAIL_FAST = "fail-fast";

    private final Address to;
    private final String command;
    private final byte[] payload;
    private final Duration ttl;
    private final @Nullable String schema;
    private final boolean failFast;
    private final boolean idempotent;

    private Call(
            Address to,
            String command,
            byte[] payload,
            Duration ttl,
            @Nullable String schema,
            boolean failFast,
            boolean idempotent) {
        this.to = to;
        this.command = command;
        this.payload = payload;
        this.ttl = ttl;
        this.schema = schema;
        this.failFast = failFast;
        this.idempotent = idempotent;
    }

    /**
     * A call without payload.
     *
     * @param to the address that serves it
     * @param command what it should run, for example {@code calculator.add}
     */
    public static Call of(Address to, String command) {
        return new Call(to, command, new byte[0], DEFAULT_TTL, null, false, false);
    }

    /** The same with this payload, which is copied. */
    public Call withPayload(byte[] bytes) {
        return new Call(to, command, bytes.clone(), ttl, schema, failFast, idempotent);
    }

    /**
     * The same with this as its payload, in JSON.
     *
     * @throws IllegalArgumentException if it cannot be written as JSON
     */
    public Call withJson(@Nullable Object value) {
        return new Call(to, command, Json.write(value), ttl, Json.SCHEMA, failFast, idempotent);
    }

    /**
     * The same with this time for its answer. The relay keeps the request for an absent service for
     * as long, in whole seconds.
     *
     * @param time more than zero
     */
    public Call withTtl(Duration time) {
        if (time.isNegative() || time.isZero()) {
            throw new IllegalArgumentException("a call needs time: " + time);
        }
        return new Call(to, command, payload, time, schema, failFast, idempotent);
    }

    /** The same, telling the service how to read the payload. */
    public Call withSchema(String name) {
        return new Call(to, command, payload, ttl, name, failFast, idempotent);
    }

    /** The same, but to fail at once when the service is not connected, rather than to wait. */
    public Call failingFast() {
        return new Call(to, command, payload, ttl, schema, true, idempotent);
    }

    /**
     * The same, which may be run twice without harm. If a connection is lost before the answer
     * came, it is sent again under the same uid. Other calls never are, as a service that does not
     * look at uids would run them again: they wait for the answer to what was sent.
     */
    public Call idempotent() {
        return new Call(to, command, payload, ttl, schema, failFast, true);
    }

    boolean isIdempotent() {
        return idempotent;
    }

    Address to() {
        return to;
    }

    String command() {
        return command;
    }

    /** Not to be changed. */
    byte[] payload() {
        return payload;
    }

    Duration ttl() {
        return ttl;
    }

    @Nullable String schema() {
        return schema;
    }

    @Nullable String tags() {
        return failFast ? FAIL_FAST : null;
    }
}
