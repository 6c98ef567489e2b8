package dev.rmb.standalone;

import dev.rmb.protocol.Address;
import dev.rmb.protocol.identity.KeyPair;
import dev.rmb.protocol.token.Tokens;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A client that sees nothing but bytes: what it sends and gets is the wire's own. */
final class RawPeer implements AutoCloseable {
    private static final long PATIENCE_S = 30;
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(PATIENCE_S)).build();

    private final BlockingQueue<byte[]> received = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final Address address;
    private final WebSocket socket;

    private RawPeer(URI relay, Address address, KeyPair key) throws Exception {
        this.address = address;
        long now = System.currentTimeMillis() / 1000;
        String token = Tokens.issue(key, address.twin(), address.connection(), now, now + 60);
        this.socket =
                HTTP.newWebSocketBuilder()
                        .buildAsync(URI.create(relay + "/?" + token), new Collector())
                        .get(PATIENCE_S, TimeUnit.SECONDS);
    }

    static RawPeer connect(URI relay, Address address, KeyPair key) throws Exception {
        return new RawPeer(relay, address, key);
    }

    Address address() {
        return address;
    }

    void send(byte[] envelope) throws Exception {
        socket.sendBinary(ByteBuffer.wrap(envelope), true).get(PATIENCE_S, TimeUnit.SECONDS);
    }

    /** The next message. */
    byte[] next() throws InterruptedException {
        byte[] message = received.poll(PATIENCE_S, TimeUnit.SECONDS);
        if (message == null) {
            throw new AssertionError(
                    address + " got nothing for " + PATIENCE_S + " s; closed: " + closed);
        }
        return message;
    }

    /** A message if one comes soon, else {@code null}. */
    byte @Nullable [] nextWithin(Duration patience) throws InterruptedException {
        return received.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Completes with the close code, 1006 if the connection broke. */
    CompletableFuture<Integer> closed() {
        return closed;
    }

    @Override
    public void close() {
        socket.abort();
    }

    private final class Collector implements WebSocket.Listener {
        private final ByteArrayOutputStream message = new ByteArrayOutputStream();

        @Override
        public void onOpen(WebSocket webSocket) {
            webSocket.request(Long.MAX_VALUE);
        }

        @Override
        public @Nullable CompletionStage<?> onBinary(
                WebSocket webSocket, ByteBuffer data, boolean last) {
            byte[] part = new byte[data.remaining()];
            data.get(part);
            message.writeBytes(part);
            if (last) {
                received.add(message.toByteArray());
                message.reset();
            }
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(
                WebSocket webSocket, int statusCode, String reason) {
            closed.complete(statusCode);
            return null;
        }

        @Override
        public void onError(WebSocket webSocket, Throwable error) {
            closed.complete(1006);
        }
    }
}
