package dev.rmb.bench.load;

import com.google.protobuf.ByteString;
import dev.rmb.bench.net.WebSocketFrames;
import dev.rmb.bench.twins.DemoTwin;
import dev.rmb.proto.Address;
import dev.rmb.proto.Envelope;
import dev.rmb.proto.Request;
import dev.rmb.proto.Response;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.UUID;

/**
 * The masked WebSocket frame of an envelope from one sender to one receiver, made once. Each
 * message is a copy in which the payload's number and time are overwritten.
 *
 * <p>So every envelope has the same uid, timestamp and signature. The signature has the right size
 * and not the right value: relays do not check it, and peers that do are not what is measured here.
 *
 * <p>The payload starts with the run's id (8 bytes), sender and receiver (4 bytes each), the number
 * and the time in nanoseconds (8 bytes each), all big-endian; random bytes fill it up.
 */
public final class FrameTemplate {
    /** The smallest payload: what the receiver needs to find in it. */
    public static final int MIN_PAYLOAD = 32;

    public static final int RUN_AT = 0;
    public static final int SENDER_AT = 8;
    public static final int RECEIVER_AT = 12;
    public static final int NUMBER_AT = 16;
    public static final int TIME_AT = 24;

    /** Long enough for every run, so that no message expires while it waits. */
    private static final long EXPIRATION_SECONDS = 3600;

    private static final int SIGNATURE_LENGTH = 65;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final byte[] frame;
    private final int numberAt;
    private final long numberMask;
    private final int timeAt;
    private final long timeMask;
    private final int envelopeLength;

    private FrameTemplate(byte[] envelope, int payloadLength) {
        // A fixed mask instead of a random one for each frame; the server's work is the same.
        int mask = RANDOM.nextInt();
        ByteBuf buffer = Unpooled.buffer(WebSocketFrames.MAX_HEADER + envelope.length);
        WebSocketFrames.writeMasked(buffer, WebSocketFrames.BINARY, mask, envelope);
        int payloadAt = buffer.writerIndex() - payloadLength;
        int bodyAt = buffer.writerIndex() - envelope.length;
        frame = new byte[buffer.readableBytes()];
        buffer.readBytes(frame);
        envelopeLength = envelope.length;
        numberAt = payloadAt + NUMBER_AT;
        numberMask = WebSocketFrames.maskAt(mask, numberAt - bodyAt);
        timeAt = payloadAt + TIME_AT;
        timeMask = WebSocketFrames.maskAt(mask, timeAt - bodyAt);
    }

    /** What the envelope is. */
    public enum Kind {
        /** From the sender to the receiver. */
        REQUEST,
        /** From the receiver to the sender, of the same uid. */
        RESPONSE
    }

    /**
     * The frame for one pair.
     *
     * @param kind which way it goes
     * @param run the run's id
     * @param sender index of the sender
     * @param from the sender's twin
     * @param receiver index of the receiver
     * @param to the receiver's twin
     * @param payloadLength in bytes, at least {@link #MIN_PAYLOAD}
     * @param clock tells the envelopes' timestamp
     */
    public static FrameTemplate of(
            Kind kind,
            long run,
            int sender,
            DemoTwin from,
            int receiver,
            DemoTwin to,
            int payloadLength,
            InstantSource clock) {
        byte[] payload = new byte[payloadLength];
        RANDOM.nextBytes(payload);
        ByteBuf head = Unpooled.wrappedBuffer(payload);
        head.setLong(RUN_AT, run).setInt(SENDER_AT, sender).setInt(RECEIVER_AT, receiver);
        byte[] signature = new byte[SIGNATURE_LENGTH];
        RANDOM.nextBytes(signature);
        DemoTwin source = kind == Kind.REQUEST ? from : to;
        DemoTwin destination = kind == Kind.REQUEST ? to : from;
        signature[0] = source.signer().keyType().typeByte();
        Envelope.Builder envelope =
                Envelope.newBuilder()
                        .setUid(new UUID(run, (long) sender << Integer.SIZE | receiver).toString())
                        .setTimestamp(clock.instant().getEpochSecond())
                        .setExpiration(EXPIRATION_SECONDS)
                        .setSource(address(source))
                        .setDestination(address(destination))
                        .setSignature(ByteString.copyFrom(signature))
                        .setPlain(ByteString.copyFrom(payload));
        switch (kind) {
            case REQUEST -> envelope.setRequest(Request.newBuilder().setCommand("bench"));
            case RESPONSE -> envelope.setResponse(Response.getDefaultInstance());
        }
        return new FrameTemplate(envelope.build().toByteArray(), payloadLength);
    }

    private static Address address(DemoTwin twin) {
        return Address.newBuilder().setTwin((int) twin.id()).build();
    }

    /** Bytes of a frame. */
    public int frameLength() {
        return frame.length;
    }

    /** Bytes of the envelope in it. */
    public int envelopeLength() {
        return envelopeLength;
    }

    /** Appends the frame with this number and time to {@code out}, which has room for it. */
    public void write(ByteBuf out, long number, long timeNanos) {
        int start = out.writerIndex();
        out.writeBytes(frame);
        out.setLong(start + numberAt, number ^ numberMask);
        out.setLong(start + timeAt, timeNanos ^ timeMask);
    }
}
