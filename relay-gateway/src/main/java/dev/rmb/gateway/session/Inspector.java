package dev.rmb.gateway.session;

import dev.rmb.gateway.ratelimit.RateLimiter;
import dev.rmb.protocol.Address;
import dev.rmb.protocol.envelope.EnvelopeHeader;
import dev.rmb.protocol.envelope.EnvelopeHeader.Kind;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Judges what comes from one address. See docs/specification.md, 8.2. Thread-safe, as the limiter
 * is.
 */
final class Inspector {
    private final Address address;
    private final byte @Nullable [] connectionName;
    private final RateLimiter limiter;

    Inspector(Address address, RateLimiter limiter) {
        this.address = address;
        String name = address.connection();
        this.connectionName = name == null ? null : name.getBytes(StandardCharsets.UTF_8);
        this.limiter = limiter;
    }

    Address address() {
        return address;
    }

    /**
     * @param size of the whole envelope
     * @param nowMs since the epoch
     */
    Verdict judge(EnvelopeHeader header, int size, long nowMs) {
        // Whatever becomes of it, it counts.
        if (!limiter.take(address.twin(), size, nowMs)) {
            return Verdict.RATE_LIMITED;
        }
        boolean ours = header.sourceIs(address.twin(), connectionName);
        if (header.kind() == Kind.PING) {
            return ours ? Verdict.PING : Verdict.IGNORE;
        }
        if (!ours) {
            return Verdict.WRONG_SOURCE;
        }
        return header.destinationTwin() == 0 ? Verdict.NO_DESTINATION : Verdict.SEND;
    }
}
