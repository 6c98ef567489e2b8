package dev.rmb.broker;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;

/**
 * A listening socket bound before Kafka starts and handed to it then. Kafka ends the JVM when it
 * cannot bind, and a port that was only looked up may be taken by somebody else in between.
 */
final class BoundListener implements AutoCloseable {
    private static final byte[] LOOPBACK = {127, 0, 0, 1};

    private final ServerSocketChannel channel;
    private final int port;

    private BoundListener(ServerSocketChannel channel, int port) {
        this.channel = channel;
        this.port = port;
    }

    /**
     * @param port 0 for any free one
     */
    static BoundListener bind(int port) {
        try {
            ServerSocketChannel channel = ServerSocketChannel.open();
            try {
                channel.bind(new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), port));
                int bound = ((InetSocketAddress) channel.getLocalAddress()).getPort();
                return new BoundListener(channel, bound);
            } catch (IOException e) {
                channel.close();
                throw e;
            }
        } catch (BindException e) {
            throw new BrokerException(
                    "port "
                            + port
                            + " on "
                            + BrokerProperties.HOST
                            + " is taken: stop who listens there, or choose another port for the"
                            + " broker",
                    e);
        } catch (IOException e) {
            throw new BrokerException("cannot listen on " + BrokerProperties.HOST, e);
        }
    }

    int port() {
        return port;
    }

    /** The socket; from now on it is closed by who took it. */
    ServerSocketChannel channel() {
        return channel;
    }

    /** Harmless where Kafka has closed it already. */
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new BrokerException("cannot close the listener on port " + port, e);
        }
    }
}
