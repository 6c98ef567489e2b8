package dev.rmb.client;

import dev.rmb.proto.Envelope;
import dev.rmb.protocol.Address;
import java.util.Optional;

/** What a service answered to a {@link Call}. */
public final class Reply {
    private final Address source;
    private final Envelope envelope;

    Reply(Address source, Envelope envelope) {
        this.source = source;
        this.envelope = envelope;
    }

    /** Who answered: the twin that was called, from whichever of its connections. */
    public Address source() {
        return source;
    }

    /** The answer; the caller's own copy. */
    public byte[] payload() {
        return envelope.getPlain().toByteArray();
    }

    /** How to read the payload, if the service said so. */
    public Optional<String> schema() {
        return envelope.hasSchema() ? Optional.of(envelope.getSchema()) : Optional.empty();
    }

    /** All of it. */
    public Envelope envelope() {
        return envelope;
    }
}
