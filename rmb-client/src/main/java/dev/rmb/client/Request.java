package dev.rmb.client;

import com.google.protobuf.ByteString;
import dev.rmb.proto.Envelope;
import dev.rmb.protocol.Address;
import java.util.Optional;

/** A request of another twin, as a {@link RequestHandler} gets it. */
public final class Request {
    private final Address source;
    private final Envelope envelope;
    private final ByteString payload;

    Request(Address source, Envelope envelope, ByteString payload) {
        this.source = source;
        this.envelope = envelope;
        this.payload = payload;
    }

    /** Who asks: the request bears the signature of this twin. */
    public Address source() {
        return source;
    }

    /** What is to be run. */
    public String command() {
        return envelope.getRequest().getCommand();
    }

    /** What to run it with; the caller's own copy. */
    public byte[] payload() {
        return payload.toByteArray();
    }

    /** Whether the payload was encrypted on its way. */
    public boolean isEncrypted() {
        return envelope.hasCipher();
    }

    /** How to read the payload, if the sender said so. */
    public Optional<String> schema() {
        return envelope.hasSchema() ? Optional.of(envelope.getSchema()) : Optional.empty();
    }

    /** All of it, as it was received: its payload is still encrypted, if it was. */
    public Envelope envelope() {
        return envelope;
    }
}
