package dev.rmb.client;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Describes a session, and opens it. A receiver has to be given, too. */
public final class RmbSessionBuilder extends PeerBuilder<RmbSessionBuilder> {
    private @Nullable EnvelopeReceiver receiver;

    RmbSessionBuilder() {}

    @Override
    RmbSessionBuilder self() {
        return this;
    }

    /**
     * Takes what comes. It is part of the description, as a relay delivers what waited for this
     * address as soon as it is connected.
     */
    public RmbSessionBuilder receiver(EnvelopeReceiver envelopes) {
        receiver = envelopes;
        return this;
    }

    /**
     * Connects, and waits until one relay is connected.
     *
     * @return an open session, which the caller closes
     * @throws RelayRefusedException if the relays do not take this twin
     * @throws RelayUnreachableException if none was reached
     * @throws ClientClosedException if the thread was interrupted, which it still is
     */
    public RmbSession connect() {
        RmbSession session = build(receiver(), null);
        return RmbSession.connected(session.open(), () -> session, session::close);
    }

    /**
     * Connects in its own time: goes on trying until a relay is there. The {@link SessionListener}
     * hears of it.
     *
     * @return a session, open or not yet, which the caller closes
     */
    public RmbSession start() {
        RmbSession session = build(receiver(), null);
        var unused = session.open();
        return session;
    }

    private EnvelopeReceiver receiver() {
        return Objects.requireNonNull(receiver, "no receiver given");
    }
}
