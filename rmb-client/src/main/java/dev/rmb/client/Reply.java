package dev.rmb.client;

import com.fasterxml.jackson.core.type.TypeReference;
import com.google.protobuf.ByteString;
import dev.rmb.proto.Envelope;
import dev.rmb.protocol.Address;
import java.util.Optional;

/** What a service answered to a {@link Call}. */
public final class Reply {
    private final Address source;
    private final Envelope envelope;
    private final ByteString payload;

    Reply(Address source, Envelope envelope, ByteString payload) {
        this.source = source;
        this.envelope = envelope;
        this.payload = payload;
    }

    /** Who answered: the twin that was called, from whichever of its connections. */
    public Address source() {
        return source;
    }

    /** The answer; the caller's own copy. */
    public byte[] payload() {
        return payload.toByteArray();
    }

    /**
     * The answer, read as JSON.
     *
     * @throws UnreadablePayloadException if it cannot be read as that
     */
    public <T> T json(Class<T> type) {
        return Json.readReply(this, Json.reader(type));
    }

    /**
     * The answer, read as JSON of a generic type.
     *
     * @throws UnreadablePayloadException if it cannot be read as that
     */
    public <T> T json(TypeReference<T> type) {
        return Json.readReply(this, Json.reader(type));
    }

    /** Whether the answer was encrypted on its way. */
    public boolean isEncrypted() {
        return envelope.hasCipher();
    }

    /** How to read the payload, if the service said so. */
    public Optional<String> schema() {
        return envelope.hasSchema() ? Optional.of(envelope.getSchema()) : Optional.empty();
    }

    /** All of it, as it was received: its payload is still encrypted, if it was. */
    public Envelope envelope() {
        return envelope;
    }
}
