package dev.rmb.protocol.envelope;

import com.google.protobuf.ByteString;
import dev.rmb.proto.Envelope;
import dev.rmb.proto.EnvelopeOrBuilder;
import dev.rmb.proto.Error;
import dev.rmb.proto.Pong;
import dev.rmb.protocol.Address;
import dev.rmb.protocol.identity.AccountId;
import dev.rmb.protocol.identity.Signatures;
import dev.rmb.protocol.identity.Signer;
import org.jspecify.annotations.Nullable;

/** What peers and relays do with envelopes. Stateless. */
public final class Envelopes {
    /** For how many seconds an error of the relay's own may be delivered. */
    public static final long RELAY_ERROR_EXPIRATION = 300;

    private static final ByteString PONG_GREETING = ByteString.copyFromUtf8("hello world");

    private Envelopes() {}

    /**
     * How long an envelope may be delivered.
     *
     * @param envelope built or being built
     * @return its timestamp and expiration
     */
    public static Lifetime lifetime(EnvelopeOrBuilder envelope) {
        return new Lifetime(envelope.getTimestamp(), envelope.getExpiration());
    }

    /**
     * Whether an envelope may still be delivered.
     *
     * @param envelope built or being built
     * @param nowSeconds since the epoch
     * @return whether anything of its lifetime remains
     */
    public static boolean isAliveAt(EnvelopeOrBuilder envelope, long nowSeconds) {
        return lifetime(envelope).isAliveAt(nowSeconds);
    }

    /**
     * Stamps an envelope that is about to be sent, without moving its deadline; to be done before
     * signing.
     *
     * @param envelope what will be sent; is changed
     * @param nowSeconds since the epoch
     * @return the builder
     */
    public static Envelope.Builder stamp(Envelope.Builder envelope, long nowSeconds) {
        Lifetime stamped = lifetime(envelope).stampedAt(nowSeconds);
        return envelope.setTimestamp(stamped.timestamp()).setExpiration(stamped.expiration());
    }

    /**
     * Signs an envelope as it stands.
     *
     * @param envelope what will be sent, stamped and complete
     * @param signer of the source twin's account
     * @return the envelope with its signature, which replaces any other
     */
    public static Envelope sign(Envelope.Builder envelope, Signer signer) {
        Envelope unsigned = envelope.clearSignature().build();
        byte[] signature = signer.sign(Challenge.of(unsigned));
        return unsigned.toBuilder().setSignature(ByteString.copyFrom(signature)).build();
    }

    /**
     * Whether an envelope bears the signature of an account.
     *
     * @param envelope as received
     * @param account that of the envelope's source twin
     * @return whether it does; not if it bears none
     */
    public static boolean verify(Envelope envelope, AccountId account) {
        return envelope.getSignature().size() == Signatures.LENGTH
                && Signatures.verify(
                        account, Challenge.of(envelope), envelope.getSignature().toByteArray());
    }

    /**
     * What a relay tells the sender of a request that it cannot deliver. It has no source and no
     * signature; peers take that as coming from the relay.
     *
     * @param uid of the request
     * @param destination where the request came from
     * @param code of the error, unsigned; 0 for the reference's texts
     * @param text of the error
     * @param nowSeconds since the epoch
     * @return the error
     */
    public static Envelope relayError(
            String uid, Address destination, int code, String text, long nowSeconds) {
        return Envelope.newBuilder()
                .setUid(uid)
                .setTimestamp(nowSeconds)
                .setExpiration(RELAY_ERROR_EXPIRATION)
                .setDestination(toProto(destination))
                .setError(Error.newBuilder().setCode(code).setMessage(text))
                .build();
    }

    /**
     * A relay's answer to an application-level ping: the same envelope with its ends exchanged, and
     * a greeting behind its plain payload. Schema, signature and whatever else it holds stay.
     *
     * @param ping an envelope that holds a ping
     * @return the pong
     */
    public static Envelope pongOf(Envelope ping) {
        Envelope.Builder pong =
                ping.toBuilder()
                        .setPong(Pong.getDefaultInstance())
                        .setPlain(ping.getPlain().concat(PONG_GREETING));
        if (ping.hasDestination()) {
            pong.setSource(ping.getDestination());
        } else {
            pong.clearSource();
        }
        if (ping.hasSource()) {
            pong.setDestination(ping.getSource());
        } else {
            pong.clearDestination();
        }
        return pong.build();
    }

    /**
     * An address as it stands in an envelope.
     *
     * @param address any address
     * @return its wire form
     */
    public static dev.rmb.proto.Address toProto(Address address) {
        dev.rmb.proto.Address.Builder proto =
                dev.rmb.proto.Address.newBuilder().setTwin((int) address.twin());
        if (address.connection() != null) {
            proto.setConnection(address.connection());
        }
        return proto.build();
    }

    /**
     * The address that stands in an envelope.
     *
     * @param proto its wire form
     * @return the address; {@code null} if its twin is 0, which is no address
     */
    public static @Nullable Address fromProto(dev.rmb.proto.Address proto) {
        if (proto.getTwin() == 0) {
            return null;
        }
        return new Address(
                Integer.toUnsignedLong(proto.getTwin()),
                proto.hasConnection() ? proto.getConnection() : null);
    }
}
