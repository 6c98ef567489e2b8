package dev.rmb.bench.hostile;

import dev.rmb.bench.net.Transport;
import dev.rmb.bench.twins.DemoTwin;
import dev.rmb.protocol.token.Tokens;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;

/**
 * How an attacker gets to the relay.
 *
 * @param loop of all its connections
 * @param twin whom it is, when it says so
 * @param forger has the twin's id and not its key
 */
record Doors(
        Transport transport,
        EventLoop loop,
        URI relay,
        DemoTwin twin,
        DemoTwin forger,
        InstantSource clock) {
    private static final long TOKEN_SECONDS = 600;
    private static final int CONNECT_TIMEOUT_MS = 5_000;

    ChannelFuture connect(ChannelHandler handler) {
        return new Bootstrap()
                .group(loop)
                .channel(transport.clientChannel())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MS)
                .handler(handler)
                .connect(relay.getHost(), relay.getPort());
    }

    /** A request that is good for a session of that name. */
    byte[] upgrade(String name) {
        return upgrade(twin, name);
    }

    /** The same but for the key. */
    byte[] forgedUpgrade(String name) {
        return upgrade(new DemoTwin(twin.id(), forger.signer()), name);
    }

    private byte[] upgrade(DemoTwin who, String name) {
        long now = clock.instant().getEpochSecond();
        return """
        GET /?%s HTTP/1.1\r
        Host: %s\r
        Upgrade: websocket\r
        Connection: Upgrade\r
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
        Sec-WebSocket-Version: 13\r
        \r
        """
                .formatted(
                        Tokens.issue(who.signer(), who.id(), name, now, now + TOKEN_SECONDS),
                        relay.getAuthority())
                .getBytes(StandardCharsets.US_ASCII);
    }
}
