package dev.rmb.gateway.hostile;

import dev.rmb.server.config.HostPort;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Many connections of one thread, none of which ever waits. */
final class Crowd implements AutoCloseable {
    private static final int READ = 4096;
    private static final long STUCK_NANOS = 300_000_000L;
    private static final long PAUSE_NANOS = 1_000_000L;

    private final List<SocketChannel> open = new ArrayList<>();
    private final ByteBuffer sink = ByteBuffer.allocate(READ);

    /** So many connections more. */
    Crowd join(HostPort to, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            SocketChannel channel = SocketChannel.open(to.socketAddress());
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            open.add(channel);
        }
        return this;
    }

    /** Each sends this, as far as it can at once; those that cannot any more have left. */
    void say(byte[] bytes) {
        open.removeIf(channel -> !said(channel, bytes));
    }

    /** The one that joined last sends this. */
    void sayLast(byte[] bytes) {
        var _ = said(open.getLast(), bytes);
    }

    private static boolean said(SocketChannel channel, byte[] bytes) {
        try {
            channel.write(ByteBuffer.wrap(bytes));
            return true;
        } catch (IOException e) {
            end(channel);
            return false;
        }
    }

    /** Reads what came for all, and forgets it; returns how many connections are left. */
    int listen() {
        open.removeIf(this::hasEnded);
        return open.size();
    }

    private boolean hasEnded(SocketChannel channel) {
        try {
            int read;
            do {
                read = channel.read(sink.clear());
            } while (read > 0);
            if (read < 0) {
                end(channel);
            }
            return read < 0;
        } catch (IOException e) {
            end(channel);
            return true;
        }
    }

    /**
     * Writes this over and over on the last connection, until the peer takes no more for a while.
     */
    long flood(byte[] bytes, long atMost) throws IOException {
        SocketChannel channel = open.getLast();
        long written = 0;
        long stuckSince = System.nanoTime();
        ByteBuffer next = ByteBuffer.wrap(bytes);
        while (written < atMost && System.nanoTime() - stuckSince < STUCK_NANOS) {
            int now = channel.write(next);
            written += now;
            if (now > 0) {
                stuckSince = System.nanoTime();
            } else {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
            if (!next.hasRemaining()) {
                next.rewind();
            }
        }
        return written;
    }

    private static void end(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // It was over anyway.
        }
    }

    @Override
    public void close() {
        open.forEach(Crowd::end);
        open.clear();
    }
}
