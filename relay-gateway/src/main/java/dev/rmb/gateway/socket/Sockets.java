package dev.rmb.gateway.socket;

import com.codahale.metrics.Counter;
import com.codahale.metrics.MetricRegistry;
import dev.rmb.cluster.bans.Bans;
import dev.rmb.gateway.loop.EventLoops;
import dev.rmb.gateway.tls.EdgeTls;
import dev.rmb.server.config.HostPort;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Where ports are opened, and all connections of a gateway are counted. Thread-safe. */
public final class Sockets {
    /**
     * What may wait in a connection before it counts as not writable. Deliveries are bounded by
     * their window; this says from when on the relay's own answers hold back.
     */
    private static final WriteBufferWaterMark WRITE_MARKS =
            new WriteBufferWaterMark(128 * 1024, 512 * 1024);

    private static final long CLOSE_MS = 2_000;

    private static final AttributeKey<Origin> ORIGIN =
            AttributeKey.valueOf(Sockets.class, "origin");

    private final EventLoops loops;
    private final ConnectionSettings settings;
    private final TrustedProxies proxies;
    private final Bans bans;
    private final @Nullable EdgeTls tls;
    private final Remotes remotes;
    private final ChannelGroup connections =
            new DefaultChannelGroup("connections", GlobalEventExecutor.INSTANCE);
    private final Counter accepted;
    private final Counter turnedAway;
    private final Counter banned;
    private final Counter badProxyHeaders;

    /**
     * @param tls {@code null}: no port speaks it
     */
    public Sockets(
            EventLoops loops,
            ConnectionSettings settings,
            ConnectionLimits limits,
            TrustedProxies proxies,
            Bans bans,
            @Nullable EdgeTls tls,
            MetricRegistry metrics) {
        this.loops = loops;
        this.settings = settings;
        this.proxies = proxies;
        this.bans = bans;
        this.tls = tls;
        this.remotes = new Remotes(limits, () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
        this.accepted = metrics.counter("rmb_gateway_connections_accepted_total");
        this.turnedAway = metrics.counter("rmb_gateway_connections_turned_away_total");
        this.banned = metrics.counter("rmb_gateway_connections_banned_total");
        this.badProxyHeaders = metrics.counter("rmb_gateway_proxy_headers_refused_total");
    }

    /** Where a connection of these ports is from, once it has been handed to its port. */
    public static Origin originOf(Channel channel) {
        Origin known = channel.attr(ORIGIN).get();
        return known == null ? new Origin(Origin.addressOf(channel.remoteAddress()), null) : known;
    }

    /** Whether nothing is taken from there, now. */
    public boolean isBanned(InetAddress from) {
        boolean refused = bans.isBanned(from);
        if (refused) {
            banned.inc();
        }
        return refused;
    }

    /** Whose word is taken for where a client is from. */
    public TrustedProxies proxies() {
        return proxies;
    }

    /**
     * A request on the connection names where it is from: counts it there until it is left, and
     * takes that for the connection's origin. On the connection's event loop.
     */
    public Visit enter(Channel channel, InetAddress from) {
        Refusal refusal = null;
        if (bans.isBanned(from)) {
            refusal = Refusal.BANNED;
            banned.inc();
        }
        if (!remotes.entered(from) && refusal == null) {
            refusal = Refusal.TOO_MANY;
            turnedAway.inc();
        }
        channel.attr(ORIGIN).set(new Origin(from, originOf(channel).proxy()));
        return new Visit(remotes, from, refusal);
    }

    /**
     * Begins to listen.
     *
     * @throws IOException if that port cannot be listened on
     */
    public Listener listen(HostPort at, PortOptions options, Arrivals arrivals) throws IOException {
        if (options.proxyProtocol() && proxies.ranges().isEmpty()) {
            throw new IllegalArgumentException(
                    "proxyProtocol of "
                            + at
                            + " needs gateway.trustedProxies: whose headers are believed");
        }
        ChannelFuture bound =
                new ServerBootstrap()
                        .group(loops.group())
                        .channel(loops.serverChannel())
                        .option(ChannelOption.SO_BACKLOG, settings.backlog())
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childOption(ChannelOption.SO_KEEPALIVE, true)
                        .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WRITE_MARKS)
                        .childHandler(
                                new ChannelInitializer<Channel>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        arrived(channel, options, arrivals);
                                    }
                                })
                        .bind(at.socketAddress())
                        .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException("cannot listen on " + at, bound.cause());
        }
        var local = (InetSocketAddress) bound.channel().localAddress();
        return new Listener(bound.channel(), at.withPort(local.getPort()));
    }

    /** Waits, bounded, until all connections have ended by themselves. */
    public void awaitConnections() {
        connections.newCloseFuture().awaitUninterruptibly(CLOSE_MS);
    }

    /** Whether ports that want TLS have it. */
    public boolean isSecure() {
        return tls != null;
    }

    private void arrived(Channel channel, PortOptions options, Arrivals arrivals) {
        connections.add(channel);
        accepted.inc();
        boolean fits = remotes.connected();
        var _ = channel.closeFuture().addListener(_ -> remotes.disconnected());
        InetAddress peer = Origin.addressOf(channel.remoteAddress());
        if (!fits) {
            turnedAway.inc();
            turnAway(channel, options, arrivals, Refusal.TOO_MANY);
        } else if (!options.proxyProtocol()) {
            arrivedFrom(peer, channel, options, arrivals);
        } else if (proxies.trust(peer)) {
            ProxyHeader.await(
                    channel,
                    badProxyHeaders::inc,
                    client ->
                            arrivedFrom(
                                    client == null ? peer : client, channel, options, arrivals));
        } else {
            channel.pipeline().addLast(new NoProxyHeader(badProxyHeaders::inc));
            arrivedFrom(peer, channel, options, arrivals);
        }
    }

    private void arrivedFrom(
            InetAddress from, Channel channel, PortOptions options, Arrivals arrivals) {
        boolean isNamedLater = arrivals.requestsNameClients() && proxies.trust(from);
        channel.attr(ORIGIN).set(new Origin(from, isNamedLater ? from : null));
        if (!isNamedLater) {
            Visit visit = enter(channel, from);
            var _ = channel.closeFuture().addListener(_ -> visit.leave());
            Refusal refusal = visit.refusal();
            if (refusal != null) {
                turnAway(channel, options, arrivals, refusal);
                return;
            }
        }
        if (tls != null && options.tls()) {
            tls.secure(channel);
        }
        arrivals.connected(channel);
    }

    private void turnAway(
            Channel channel, PortOptions options, Arrivals arrivals, Refusal refusal) {
        if (tls != null && options.tls()) {
            // A handshake costs more than the limit is there to save.
            var _ = channel.close();
        } else {
            arrivals.turnedAway(channel, refusal);
        }
    }
}
