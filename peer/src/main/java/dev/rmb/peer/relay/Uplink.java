package dev.rmb.peer.relay;

import dev.rmb.proto.Envelope;
import java.util.concurrent.CompletionStage;

/** The way to the relays. Thread-safe, does not block; keeps the order. */
public interface Uplink {
    /**
     * Signs an envelope and sends it as soon as a relay takes it, within its time.
     *
     * @return completes when it is written to a relay's connection; fails with a {@link
     *     SendException}
     */
    CompletionStage<Void> send(Envelope envelope);
}
