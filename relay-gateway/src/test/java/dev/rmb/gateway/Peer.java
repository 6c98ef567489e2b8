package dev.rmb.gateway;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.rmb.proto.Envelope;
import dev.rmb.server.config.HostPort;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * A client of which every byte is the test's choice. Blocking, with a time-out; answers pings while
 * it waits for something else, unless told not to.
 */
public final class Peer implements AutoCloseable {
    public static final int TEXT = 1;
    public static final int BINARY = 2;
    public static final int CLOSE = 8;
    public static final int PING = 9;
    public static final int PONG = 10;

    private static final int FIN = 0x80;
    private static final int TIMEOUT_MS = 10_000;
    private static final int SWITCHING = 101;

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;
    private final SplittableRandom masks = new SplittableRandom(1);
    private boolean answersPings = true;
    int pingsSeen;

    /** What came: a frame from the relay. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Frame(int opcode, byte[] payload) {
        public int closeCode() {
            return ByteBuffer.wrap(payload).getShort() & 0xFFFF;
        }

        public String closeReason() {
            return new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8);
        }
    }

    /** An answer before any upgrade. */
    public record Answer(int status, List<String> headers, String body) {}

    private Peer(HostPort to) throws IOException {
        this(new Socket(to.host(), to.port()));
    }

    private Peer(Socket connected) throws IOException {
        this.socket = connected;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(TIMEOUT_MS);
        this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        this.out = socket.getOutputStream();
    }

    /** Connects and upgrades. */
    public static Peer connect(HostPort to, String token) throws IOException {
        return connect(to, "/?", token);
    }

    public static Peer connect(HostPort to, String path, String token) throws IOException {
        var peer = new Peer(to);
        Answer answer = peer.ask(upgradeRequest(path + token));
        if (answer.status() != SWITCHING) {
            peer.close();
            throw new IOException("not upgraded: " + answer);
        }
        return peer;
    }

    /** Over a connection that there is, upgrades. */
    public static Peer over(Socket connected, String request) throws IOException {
        var peer = new Peer(connected);
        Answer answer = peer.ask(request);
        if (answer.status() != SWITCHING) {
            peer.close();
            throw new IOException("not upgraded: " + answer);
        }
        return peer;
    }

    /** Over a connection that there is, asks. */
    public static Answer asked(Socket connected, String request) throws IOException {
        try (var peer = new Peer(connected)) {
            return peer.ask(request);
        }
    }

    /** Asks without upgrading anything, and returns the answer. */
    public static Answer refused(HostPort to, String request) throws IOException {
        try (var peer = new Peer(to)) {
            return peer.ask(request);
        }
    }

    /** A connection on which nothing has been said yet. */
    public static Peer silent(HostPort to) throws IOException {
        return new Peer(to);
    }

    public static String upgradeRequest(String target) {
        return "GET "
                + target
                + " HTTP/1.1\r\nHost: relay\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    }

    /** Sends a request and returns the answer; the connection stays. */
    public Answer ask(String request) throws IOException {
        raw(request.getBytes(StandardCharsets.ISO_8859_1));
        return answer();
    }

    /** The next answer of HTTP. */
    public Answer answer() throws IOException {
        String status = line();
        List<String> headers = new ArrayList<>();
        int length = 0;
        for (String header = line(); !header.isEmpty(); header = line()) {
            headers.add(header.toLowerCase(Locale.ROOT));
            if (header.regionMatches(true, 0, "content-length:", 0, 15)) {
                length = Integer.parseInt(header.substring(15).trim());
            }
        }
        byte[] body = in.readNBytes(length);
        return new Answer(
                Integer.parseInt(status.split(" ", -1)[1]),
                headers,
                new String(body, StandardCharsets.UTF_8));
    }

    /** The head of an answer that has no length. */
    public List<String> streamHead() throws IOException {
        List<String> head = new ArrayList<>();
        for (String header = line(); !header.isEmpty(); header = line()) {
            head.add(header.toLowerCase(Locale.ROOT));
        }
        return head;
    }

    /** A line of text. */
    public String line() throws IOException {
        var line = new StringBuilder();
        int c;
        while ((c = in.read()) != '\n') {
            if (c < 0) {
                throw new EOFException("after '" + line + "'");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    public void raw(byte... bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    public void send(Envelope envelope) throws IOException {
        send(envelope.toByteArray());
    }

    public void send(byte[] message) throws IOException {
        frame(FIN | BINARY, message);
    }

    /**
     * @param first byte of the frame: flags and opcode
     */
    public void frame(int first, byte[] payload) throws IOException {
        raw(frameBytes(first, payload));
    }

    public byte[] frameBytes(int first, byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(14 + payload.length).put((byte) first);
        if (payload.length <= 125) {
            frame.put((byte) (0x80 | payload.length));
        } else if (payload.length <= 0xFFFF) {
            frame.put((byte) (0x80 | 126)).putShort((short) payload.length);
        } else {
            frame.put((byte) (0x80 | 127)).putLong(payload.length);
        }
        int mask = masks.nextInt();
        frame.putInt(mask);
        for (int i = 0; i < payload.length; i++) {
            frame.put((byte) (payload[i] ^ (mask >>> (24 - 8 * (i % 4)))));
        }
        byte[] bytes = new byte[frame.position()];
        frame.flip().get(bytes);
        return bytes;
    }

    public void answerPings(boolean yes) {
        answersPings = yes;
    }

    /** The next frame of any kind. */
    public Frame nextFrame() throws IOException {
        int first = in.readUnsignedByte();
        int length = in.readUnsignedByte();
        if (length == 126) {
            length = in.readUnsignedShort();
        } else if (length == 127) {
            length = (int) in.readLong();
        }
        byte[] payload = in.readNBytes(length);
        if (payload.length < length) {
            throw new EOFException("within a frame");
        }
        var frame = new Frame(first & 0x0F, payload);
        if (frame.opcode() == PING) {
            pingsSeen++;
            if (answersPings) {
                frame(FIN | PONG, payload);
            }
        }
        return frame;
    }

    /** The next frame that is no ping. */
    public Frame next() throws IOException {
        Frame frame;
        do {
            frame = nextFrame();
        } while (frame.opcode() == PING);
        return frame;
    }

    /** The next envelope; nothing but pings may come before it. */
    public Envelope nextEnvelope() throws IOException {
        Frame frame = next();
        if (frame.opcode() != BINARY) {
            throw new IOException(
                    "no envelope but "
                            + frame.opcode()
                            + (frame.opcode() == CLOSE
                                    ? " " + frame.closeCode() + " " + frame.closeReason()
                                    : ""));
        }
        try {
            return Envelope.parseFrom(frame.payload());
        } catch (InvalidProtocolBufferException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads on until the relay closes the WebSocket; the connection must end after that. */
    public Frame untilClosed() throws IOException {
        Frame frame;
        do {
            frame = nextFrame();
        } while (frame.opcode() != CLOSE);
        if (in.read() >= 0) {
            throw new IOException("something follows the close frame");
        }
        return frame;
    }

    /** Whether the connection ends, in whatever way, without another byte. */
    public boolean ends() throws IOException {
        try {
            return in.read() < 0;
        } catch (SocketException e) {
            return true;
        }
    }

    /** Answers pings until no more has come for so long. */
    public void serveFor(int quietMs) throws IOException {
        socket.setSoTimeout(quietMs);
        try {
            while (true) {
                nextFrame();
            }
        } catch (java.net.SocketTimeoutException e) {
            socket.setSoTimeout(TIMEOUT_MS);
        }
    }

    /** Vanishes without a word. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
