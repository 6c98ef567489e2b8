package dev.rmb.gateway.session;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.rmb.proto.Envelope;
import dev.rmb.protocol.envelope.Envelopes;

/** What the relay answers by itself. */
final class Answers {
    /** The envelope is not in the log and never will be. */
    static final String BUSY = "relay busy, try again";

    /** The envelope may be in the log, now or later. */
    static final String NOT_CONFIRMED = "not confirmed, may still arrive";

    private Answers() {}

    /**
     * The answer to an application ping.
     *
     * @param ping an envelope that could be scanned
     */
    static byte[] pongOf(byte[] ping) {
        try {
            return Envelopes.pongOf(Envelope.parseFrom(ping)).toByteArray();
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("what could be scanned cannot be parsed", e);
        }
    }
}
