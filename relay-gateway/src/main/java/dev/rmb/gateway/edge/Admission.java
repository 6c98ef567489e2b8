package dev.rmb.gateway.edge;

import com.codahale.metrics.Counter;
import com.codahale.metrics.MetricRegistry;
import dev.rmb.gateway.accept.Receipt;
import dev.rmb.gateway.auth.Authentication;
import dev.rmb.gateway.auth.Authenticator;
import dev.rmb.gateway.session.Connection;
import dev.rmb.gateway.session.Session;
import dev.rmb.gateway.session.SessionLoop;
import dev.rmb.gateway.session.SessionLoops;
import dev.rmb.gateway.session.Sessions;
import dev.rmb.gateway.session.Submission;
import dev.rmb.gateway.socket.Sockets;
import dev.rmb.protocol.Address;
import dev.rmb.protocol.envelope.EnvelopeHeader;
import io.netty.channel.Channel;
import java.util.List;
import java.util.function.Consumer;

/** Who is let in, on whatever transport: limits, and the token. Thread-safe. */
public final class Admission {
    /** HTTP's status for a limit that is reached (contracts.md, "Busy answers"). */
    private static final int TOO_MANY = 429;

    private static final int UNAVAILABLE = 503;

    private static final Authentication FULL =
            new Authentication.Refused(TOO_MANY, "too many connections");

    private static final Authentication STOPPING =
            new Authentication.Refused(UNAVAILABLE, "draining");

    private final Authenticator authenticator;
    private final Sessions sessions;
    private final SessionLoops loops;
    private final Counter refused;

    public Admission(
            Authenticator authenticator,
            Sessions sessions,
            SessionLoops loops,
            MetricRegistry metrics) {
        this.authenticator = authenticator;
        this.sessions = sessions;
        this.loops = loops;
        this.refused = metrics.counter("rmb_gateway_connections_refused_total");
    }

    /**
     * Whether a client may have a session.
     *
     * @param token as it came, and nothing else
     * @param then is told on the channel's event loop, unless the channel is gone by then
     */
    public void admit(Channel channel, String token, Consumer<Authentication> then) {
        if (sessions.isStopping() || sessions.isFull()) {
            answer(channel, sessions.isStopping() ? STOPPING : FULL, then);
            return;
        }
        var _ =
                authenticator
                        .authenticate(token)
                        .thenAccept(result -> {
                            boolean full =
                                    result instanceof Authentication.Accepted(Address address, _)
                                            && sessions.isFull(address);
                            answer(channel, full ? FULL : result, then);
                        });
    }

    /** Who a client is that needs no session. Otherwise like {@link #admit}. */
    public void identify(Channel channel, String token, Consumer<Authentication> then) {
        var _ =
                authenticator
                        .authenticate(token)
                        .thenAccept(result -> answer(channel, result, then));
    }

    /**
     * Opens the session of an admitted client, on the channel's event loop. One that the address
     * has already is ended.
     */
    public Session open(Address address, Connection connection, Channel channel) {
        return sessions.open(
                address, Sockets.originOf(channel).address(), connection, loopOf(channel));
    }

    /** Whether nothing is taken from a client that was identified before. */
    public boolean isBanned(Address address) {
        return sessions.isBanned(address);
    }

    /** Likewise, or nothing from where this connection is from. */
    public boolean isBanned(Address address, Channel channel) {
        return sessions.isBanned(address, Sockets.originOf(channel).address());
    }

    /** Whether nothing is taken from where this connection is from. */
    public boolean isBanned(Channel channel) {
        return sessions.isBanned(Sockets.originOf(channel).address());
    }

    /** Whether no clients are taken any more, because this gateway stops. */
    public boolean isStopping() {
        return sessions.isStopping();
    }

    /** Whether a client that was only identified would be one too many. */
    public boolean isFull(Address address) {
        return sessions.isFull(address);
    }

    /**
     * Takes envelopes of a client that has no session, or sends beside it; on the channel's event
     * loop, where {@code then} is told.
     */
    public void submit(
            Address address,
            List<byte[]> envelopes,
            Channel channel,
            Consumer<Submission.Outcome> then) {
        sessions.submit(address, envelopes, loopOf(channel), then);
    }

    /** Whether there is room for another envelope under way into the log, from this connection. */
    public boolean hasRoom(Channel channel) {
        return sessions.hasRoom(loopOf(channel));
    }

    /**
     * Hands an envelope of another relay to the log; on the channel's event loop, where {@code
     * then} is told.
     *
     * @return {@code false} if there is no room; nothing is told then
     */
    public boolean forward(
            EnvelopeHeader header,
            byte[] envelope,
            Channel channel,
            Consumer<Receipt.Outcome> then) {
        return sessions.forward(header, envelope, loopOf(channel), then);
    }

    private SessionLoop loopOf(Channel channel) {
        return loops.of(channel.eventLoop());
    }

    /** Counts a client that the transport refused by itself. */
    public void refused() {
        refused.inc();
    }

    private void answer(Channel channel, Authentication result, Consumer<Authentication> then) {
        if (channel.eventLoop().inEventLoop()) {
            answerOnLoop(channel, result, then);
        } else {
            channel.eventLoop().execute(() -> answerOnLoop(channel, result, then));
        }
    }

    private void answerOnLoop(
            Channel channel, Authentication result, Consumer<Authentication> then) {
        if (!channel.isActive()) {
            return;
        }
        if (result instanceof Authentication.Refused) {
            refused();
        }
        then.accept(result);
    }
}
