package dev.rmb.peer.message;

import com.google.protobuf.ByteString;
import dev.rmb.proto.Address;
import dev.rmb.proto.Backlog;
import dev.rmb.proto.Envelope;
import dev.rmb.proto.Request;
import dev.rmb.protocol.envelope.Lifetime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a local program asks other twins.
 *
 * @param reference the program's own mark, which the answers bear
 * @param command what is to be run
 * @param lifetime as the program set it
 * @param payload decoded
 * @param tags for the relay
 * @param destinations twins, at least one; u32; each is asked once
 * @param replyTo list for the answers
 * @param schema of the payload
 */
public record OutgoingRequest(
        @Nullable String reference,
        String command,
        Lifetime lifetime,
        ByteString payload,
        @Nullable String tags,
        List<Long> destinations,
        String replyTo,
        @Nullable String schema) {
    /** For how long, in seconds, a request that does not say may be answered. */
    public static final long DEFAULT_TTL = 300;

    /** For how long at most. */
    public static final long MAX_TTL = 1800;

    public OutgoingRequest {
        // Two envelopes under one uid are one request to whoever serves it.
        destinations = destinations.stream().distinct().toList();
    }

    /**
     * The lifetime of a message that leaves now: 0 becomes the default, more than the maximum the
     * maximum.
     */
    public static Lifetime lifetimeAt(Lifetime asked, long now) {
        Lifetime full =
                asked.expiration() == 0 ? new Lifetime(asked.timestamp(), DEFAULT_TTL) : asked;
        Lifetime stamped = full.stampedAt(now);
        return Long.compareUnsigned(stamped.expiration(), MAX_TTL) > 0
                ? new Lifetime(now, MAX_TTL)
                : stamped;
    }

    /**
     * What is to be remembered until the answers are there.
     *
     * @param uid of the envelopes
     * @param ttl seconds, 1 to {@value #MAX_TTL}
     * @param module what of the peer itself takes the answers; empty for the program
     */
    public Backlog backlog(String uid, long ttl, String module) {
        Backlog.Builder backlog =
                Backlog.newBuilder().setUid(uid).setReplyTo(replyTo).setModule(module).setTtl(ttl);
        if (reference != null) {
            backlog.setReference(reference);
        }
        destinations.forEach(twin -> backlog.addDestinations(twin.intValue()));
        return backlog.build();
    }

    /**
     * The envelope for one of the destinations, neither encrypted nor signed.
     *
     * @param uid the same for all destinations
     * @param stamped from {@link #lifetimeAt}
     */
    public Envelope envelope(String uid, Lifetime stamped, long destination) {
        Envelope.Builder envelope =
                Envelope.newBuilder()
                        .setUid(uid)
                        .setTimestamp(stamped.timestamp())
                        .setExpiration(stamped.expiration())
                        .setDestination(Address.newBuilder().setTwin((int) destination))
                        .setRequest(Request.newBuilder().setCommand(command))
                        .setPlain(payload);
        if (tags != null) {
            envelope.setTags(tags);
        }
        if (schema != null) {
            envelope.setSchema(schema);
        }
        return envelope.build();
    }
}
