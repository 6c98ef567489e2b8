package dev.rmb.cluster.link;

import dev.rmb.protocol.Address;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens a link from this process to itself, on a port of its own, and has it carry a message of
 * every kind. A router does it before it takes partitions: the first link of a process costs some
 * hundred milliseconds, in which classes are loaded, and clients would wait for that.
 */
public final class LinkWarmUp {
    private static final Logger log = LoggerFactory.getLogger(LinkWarmUp.class);
    private static final Endpoint SELF = new Endpoint("warm-up", 0);
    private static final SessionInfo SESSION = new SessionInfo(1, new Address(1, "warm-up"), 0);

    private static final List<GatewayMessage> OF_GATEWAYS =
            List.of(
                    new GatewayMessage.Snapshot(0, 1, List.of(SESSION), true),
                    new GatewayMessage.Opened(0, 1, SESSION),
                    new GatewayMessage.Acknowledged(0, 1, 1, 1),
                    new GatewayMessage.Closed(0, 1, 1));

    private static final List<RouterMessage> OF_ROUTERS =
            List.of(
                    new RouterMessage.Deliver(0, 1, 1, 1, 1, new byte[1]),
                    new RouterMessage.Evict(0, 1, 1));

    private LinkWarmUp() {}

    /**
     * Blocks its caller until all messages have arrived, or for {@code patience}. That it does not
     * work is no reason not to start: only the first takeover takes longer.
     */
    public static void run(Duration patience) throws InterruptedException {
        var arrived = new CountDownLatch(OF_GATEWAYS.size() + OF_ROUTERS.size());
        var listen = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        var security = new LinkSecurity.OnThisMachine();
        try (var acceptor = new GrpcLinkAcceptor(SELF, listen, null, security);
                var connector = new GrpcLinkConnector(SELF, security)) {
            String endpoint = acceptor.start(new Talking<>(OF_ROUTERS, arrived::countDown));
            connector.connect(endpoint, new Talking<>(OF_GATEWAYS, arrived::countDown));
            if (!arrived.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                log.info("No link was rehearsed within {} ms", patience.toMillis());
            }
        } catch (IOException e) {
            log.info("No link was rehearsed: {}", e.toString());
        }
    }

    /** Sends all it has at once. */
    private record Talking<S, R>(List<S> messages, Runnable received)
            implements LinkListener<S, R> {
        @Override
        public void opened(Link<S> link) {
            messages.forEach(link::send);
        }

        @Override
        public void received(Link<S> link, R message) {
            received.run();
        }

        @Override
        public void writable(Link<S> link) {}

        @Override
        public void closed(@Nullable Link<S> link, @Nullable Throwable cause) {}
    }
}
