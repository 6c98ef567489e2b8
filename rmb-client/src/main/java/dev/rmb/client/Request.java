package dev.rmb.client;

import dev.rmb.proto.Envelope;
import dev.rmb.protocol.Address;
import java.util.Optional;

/** A request of another twin, as a {@link RequestHandler} gets it. */
public final class Request {
    private final Address source;
    private final Envelope envelope;

    Request(Address source, Envelope envelope) {
        this.source = source;
        this.envelope = envelope;
    }

    /** Who asks, as far as the relay can be trusted; see {@link RmbClient}. */
    public Address source() {
        return source;
    }

    /** What is to be run. */
    public String command() {
        return envelope.getRequest().getCommand();
    }

    /** What to run it with; the caller's own copy. */
    public byte[] payload() {
        return envelope.getPlain().toByteArray();
    }

    /** How to read the payload, if the sender said so. */
    public Optional<String> schema() {
        return envelope.hasSchema() ? Optional.of(envelope.getSchema()) : Optional.empty();
    }

    /** All of it. */
    public Envelope envelope() {
        return envelope;
    }
}
