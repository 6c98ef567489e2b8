package dev.rmb.bench.net;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import java.net.ConnectException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Connects sessions to their relays. Thread-safe.
 *
 * @param transport of the sessions' event loops
 * @param timeout for the TCP connection
 */
public record Dialer(Transport transport, Duration timeout) {
    /**
     * Connects a session.
     *
     * @param loop the session's
     * @return completes when the relay took it, fails with {@link ConnectException} if not
     */
    public CompletionStage<Void> dial(WebSocketSession session, EventLoop loop) {
        URI relay = session.relay();
        ChannelFuture connecting =
                new Bootstrap()
                        .group(loop)
                        .channel(transport.clientChannel())
                        .option(ChannelOption.TCP_NODELAY, true)
                        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) timeout.toMillis())
                        .handler(session)
                        .connect(relay.getHost(), relay.getPort());
        CompletableFuture<Void> opened = session.opened().toCompletableFuture();
        connecting.addListener(done -> {
            if (!done.isSuccess()) {
                opened.completeExceptionally(
                        new ConnectException("cannot connect: " + done.cause().getMessage()));
            }
        });
        return opened;
    }
}
