package dev.rmb.gateway.edge;

import dev.rmb.gateway.loop.Goodbye;
import dev.rmb.gateway.socket.Arrivals;
import dev.rmb.gateway.socket.Listener;
import dev.rmb.gateway.socket.Output;
import dev.rmb.gateway.socket.PortOptions;
import dev.rmb.gateway.socket.Refusal;
import dev.rmb.server.config.HostPort;
import io.netty.channel.Channel;
import java.io.IOException;
import java.time.Duration;

/** A port on which clients talk over plain streams of bytes. */
public final class StreamPort implements RunningTransport {
    private final Listener listener;

    private StreamPort(Listener listener) {
        this.listener = listener;
    }

    /**
     * Begins to take clients.
     *
     * @param handshakeTimeout from the connection to its being let in
     * @throws IOException if that port cannot be listened on
     */
    public static StreamPort open(
            Edge edge, HostPort listen, Duration handshakeTimeout, StreamProtocol protocol)
            throws IOException {
        return open(edge, listen, PortOptions.DEFAULT, handshakeTimeout, protocol);
    }

    /**
     * Likewise, where something comes before the protocol's first byte.
     *
     * @throws IOException if that port cannot be listened on
     */
    public static StreamPort open(
            Edge edge,
            HostPort listen,
            PortOptions options,
            Duration handshakeTimeout,
            StreamProtocol protocol)
            throws IOException {
        Arrivals arrivals =
                new Arrivals() {
                    @Override
                    public void connected(Channel channel) {
                        channel.pipeline()
                                .addLast(
                                        new StreamHandshake(
                                                edge.admission(), protocol, handshakeTimeout));
                    }

                    @Override
                    public void turnedAway(Channel channel, Refusal why) {
                        refuse(channel, protocol, why.text());
                    }
                };
        return new StreamPort(edge.sockets().listen(listen, options, arrivals));
    }

    @Override
    public HostPort address() {
        return listener.address();
    }

    @Override
    public void close() {
        listener.close();
    }

    static void refuse(Channel channel, StreamProtocol protocol, String reason) {
        var output = new Output(channel);
        protocol.refuse(reason, output);
        Goodbye.after(output.flushLast());
    }
}
