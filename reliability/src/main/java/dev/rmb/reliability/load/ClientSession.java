package dev.rmb.reliability.load;

import dev.rmb.bench.net.TurnFlush;
import dev.rmb.bench.net.WebSocketFrames;
import dev.rmb.bench.net.WebSocketSession;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import java.net.URI;
import java.util.concurrent.ThreadLocalRandom;

/** A client's connection. Belongs to the crowd's event loop. */
final class ClientSession extends WebSocketSession {
    private static final byte[] NOTHING = {};

    private final Client client;
    private long lastRead = System.nanoTime();
    private boolean isOpen;

    ClientSession(Client client, URI relay, String token, TurnFlush turn) {
        super(client.name(), relay, token, turn);
        this.client = client;
    }

    void setOpen() {
        isOpen = true;
    }

    boolean isOpen() {
        return isOpen;
    }

    boolean takesMore() {
        return isOpen && isWritable();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        lastRead = System.nanoTime();
        super.channelRead(ctx, message);
    }

    @Override
    protected void binary(ByteBuf in, int at, int length) {
        client.received(this, in.nioBuffer(at, length));
    }

    @Override
    protected void ping(byte[] body) {
        client.asked(this, body);
    }

    void confirm(byte[] body) {
        if (isOpen) {
            sendPong(body);
        }
    }

    void send(byte[] envelope) {
        write(WebSocketFrames.BINARY, envelope);
    }

    /** Asks whether the relay is there. */
    void probe() {
        write(WebSocketFrames.PING, NOTHING);
    }

    private void write(int opcode, byte[] body) {
        ByteBuf room = output(WebSocketFrames.MAX_HEADER + body.length);
        WebSocketFrames.writeMasked(room, opcode, ThreadLocalRandom.current().nextInt(), body);
    }

    long silentNanos() {
        return System.nanoTime() - lastRead;
    }

    boolean isReading() {
        return context().channel().config().isAutoRead();
    }

    void read(boolean on) {
        lastRead = System.nanoTime();
        context().channel().config().setAutoRead(on);
    }
}
