package dev.rmb.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rmb.server.config.HostPort;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;

/** A client of length-prefixed frames, every one of which is the test's choice. Blocking. */
public final class Frames implements AutoCloseable {
    public static final int TOKEN = 1;
    public static final int ENVELOPE = 2;
    public static final int ACKNOWLEDGEMENT = 3;
    public static final int ERROR = 4;
    public static final int PING = 5;
    public static final int PONG = 6;

    private static final int HEADER = 5;
    private static final int TIMEOUT_MS = 10_000;

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;

    /** What came. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Frame(int type, byte[] body) {
        public String text() {
            return new String(body, UTF_8);
        }
    }

    public Frames(HostPort to) throws IOException {
        this(new Socket(to.host(), to.port()));
    }

    /** Over a connection that there is. */
    public Frames(Socket connected) throws IOException {
        this.socket = connected;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(TIMEOUT_MS);
        this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        this.out = socket.getOutputStream();
    }

    public static byte[] bytes(int type, byte[] body) {
        return ByteBuffer.allocate(HEADER + body.length)
                .putInt(body.length)
                .put((byte) type)
                .put(body)
                .array();
    }

    public void send(int type, byte[] body) throws IOException {
        raw(bytes(type, body));
    }

    public void acknowledge(long count) throws IOException {
        send(ACKNOWLEDGEMENT, ByteBuffer.allocate(Long.BYTES).putLong(count).array());
    }

    public void raw(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    /** The next frame. */
    public Frame read() throws IOException {
        int length = in.readInt();
        int type = in.readUnsignedByte();
        byte[] body = new byte[length];
        in.readFully(body);
        return new Frame(type, body);
    }

    /** Reads on until the relay says why it ends; the connection must end after that. */
    public String untilClosed() throws IOException {
        Frame frame;
        do {
            frame = read();
        } while (frame.type() != ERROR);
        if (!ends()) {
            throw new EOFException("something follows the error");
        }
        return frame.text();
    }

    /** Whether the connection ends, in whatever way, without another byte. */
    public boolean ends() throws IOException {
        try {
            return in.read() < 0;
        } catch (SocketException e) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
