package dev.rmb.gateway.conformance;

import dev.rmb.proto.Envelope;
import java.io.IOException;
import java.util.Optional;

/** A connected client of one transport. Blocks, within time-outs. */
interface Client extends AutoCloseable {
    /** Sends bytes as an envelope, whatever they are. */
    void send(byte[] envelope) throws IOException;

    default void send(Envelope envelope) throws IOException {
        send(envelope.toByteArray());
    }

    /** The bytes of the next envelope that comes. It is confirmed, now or with the next call. */
    byte[] next() throws IOException;

    default Envelope nextEnvelope() throws IOException {
        return Envelope.parseFrom(next());
    }

    /** Confirms what {@link #next} returned; returns when the relay has read that. */
    void confirm() throws IOException;

    /** From now on nothing is confirmed, and no question answered. */
    void confirmNothing();

    /** From now on gives no sign of life, as far as the relay can see. */
    default void fallSilent() throws IOException {
        confirmNothing();
    }

    /** Sends a request that the relay refuses; returns what it says. */
    String refusalOf(Envelope request) throws IOException;

    /** Asks the transport for a sign of life, and waits for it; empty if it has no such thing. */
    Optional<String> ping() throws IOException;

    /** Reads until the relay ends it; returns how. */
    String ending() throws IOException;

    /** Announces a message above 16 MiB, and sends as little of it as the transport allows. */
    void sendTooMuch() throws IOException;

    @Override
    void close() throws IOException;
}
