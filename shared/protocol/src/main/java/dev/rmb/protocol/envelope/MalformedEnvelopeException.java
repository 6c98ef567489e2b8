package dev.rmb.protocol.envelope;

import dev.rmb.protocol.ProtocolException;

/** Bytes that are no envelope: the protobuf parser would refuse them as well. */
public final class MalformedEnvelopeException extends ProtocolException {
    MalformedEnvelopeException(String message) {
        super(message);
    }
}
