package dev.rmb.client;

import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One WebSocket's receiving side, from its opening to its end. Its listener methods are called by
 * the JDK one after the other. The JDK has answered a ping before it tells of it, and answers them
 * in order with the messages around them.
 */
final class Socket implements WebSocket.Listener {
    private final ReceiveWindow window;
    private final Incoming incoming;
    private final Runnable opened;
    private final BiConsumer<Socket, String> ended;
    private final MessageAssembler assembler = new MessageAssembler(MessageAssembler.MAX_MESSAGE);
    private volatile long heardAt = System.nanoTime();

    /**
     * For one connection attempt.
     *
     * @param window bounds what is received and not done with
     * @param incoming takes the messages
     * @param opened is told when it opens, before anything is received
     * @param ended is told the reason when the WebSocket ends; on any thread, perhaps repeatedly
     */
    Socket(
            ReceiveWindow window,
            Incoming incoming,
            Runnable opened,
            BiConsumer<Socket, String> ended) {
        this.window = window;
        this.incoming = incoming;
        this.opened = opened;
        this.ended = ended;
    }

    /** When the last frame came, of {@link System#nanoTime}; now, while none is read. */
    long heardAt() {
        return window.isStalled() ? System.nanoTime() : heardAt;
    }

    @Override
    public void onOpen(WebSocket webSocket) {
        opened.run();
        webSocket.request(1);
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(
            WebSocket webSocket, ByteBuffer part, boolean last) {
        heardAt = System.nanoTime();
        Optional<byte[]> message;
        try {
            message = assembler.add(part, last);
        } catch (MessageAssembler.TooLongException e) {
            ended.accept(this, e.getMessage());
            return null;
        }
        if (message.isEmpty()) {
            webSocket.request(1);
            return null;
        }
        int length = message.get().length;
        boolean more = window.take(length);
        incoming.received(message.get(), () -> release(webSocket, length));
        if (more) {
            webSocket.request(1);
        }
        return null;
    }

    private void release(WebSocket webSocket, int length) {
        if (window.release(length)) {
            // What came meanwhile is still in the socket, so the silence starts over.
            heardAt = System.nanoTime();
            webSocket.request(1);
        }
    }

    @Override
    public @Nullable CompletionStage<?> onPing(WebSocket webSocket, ByteBuffer message) {
        return heard(webSocket);
    }

    @Override
    public @Nullable CompletionStage<?> onPong(WebSocket webSocket, ByteBuffer message) {
        return heard(webSocket);
    }

    private @Nullable CompletionStage<?> heard(WebSocket webSocket) {
        heardAt = System.nanoTime();
        webSocket.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onText(
            WebSocket webSocket, CharSequence data, boolean last) {
        ended.accept(this, "it sent text");
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int status, String reason) {
        ended.accept(this, "closed with " + status + (reason.isEmpty() ? "" : " " + reason));
        return null;
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
        ended.accept(this, error.toString());
    }
}
