package dev.rmb.peer.message;

import com.google.protobuf.ByteString;
import dev.rmb.proto.Envelope;
import dev.rmb.proto.Error;
import dev.rmb.proto.Response;
import dev.rmb.protocol.Address;
import dev.rmb.protocol.envelope.Envelopes;
import dev.rmb.protocol.envelope.Lifetime;
import org.jspecify.annotations.Nullable;

/**
 * What a local program answers to a request of another twin.
 *
 * @param uid of the request
 * @param payload decoded; not sent with an error
 * @param destination who asked
 * @param schema of the payload
 * @param timestamp when it was answered, seconds; 0 for now
 * @param error if it failed
 */
public record OutgoingResponse(
        String uid,
        ByteString payload,
        Address destination,
        @Nullable String schema,
        long timestamp,
        @Nullable PeerError error) {
    /** Seconds. The relay keeps answers for as long, if the one who asked is away. */
    private static final long EXPIRATION = 3600;

    /** The envelope, neither encrypted nor signed. */
    public Envelope envelopeAt(long now) {
        Lifetime stamped = OutgoingRequest.lifetimeAt(new Lifetime(timestamp, EXPIRATION), now);
        Envelope.Builder envelope =
                Envelope.newBuilder()
                        .setUid(uid)
                        .setTimestamp(stamped.timestamp())
                        .setExpiration(stamped.expiration())
                        .setDestination(Envelopes.toProto(destination));
        if (error == null) {
            envelope.setResponse(Response.getDefaultInstance()).setPlain(payload);
        } else {
            envelope.setError(
                    Error.newBuilder().setCode((int) error.code()).setMessage(error.text()));
        }
        if (schema != null) {
            envelope.setSchema(schema);
        }
        return envelope.build();
    }
}
