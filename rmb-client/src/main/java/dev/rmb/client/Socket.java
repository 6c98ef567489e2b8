package dev.rmb.client;

import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One WebSocket's receiving side, from its opening to its end. Its listener methods are called by
 * the JDK one after the other. The JDK has answered a ping before it tells of it, and answers them
 * in order with the messages around them.
 */
final class Socket implements WebSocket.Listener {
    /** Hears what becomes of the WebSocket, on any thread. */
    interface Owner {
        /** It opens, and nothing was received yet. */
        void opened();

        /**
         * Nothing was read for a while, and now it is again. Not repeated until {@link
         * #needsAnotherLook} was asked.
         */
        void readsAgain(Socket socket);

        /** It ended; told perhaps repeatedly. */
        void ended(Socket socket, String reason);
    }

    private final ReceiveWindow window;
    private final Incoming incoming;
    private final Owner owner;

    /** How often reading went on since it was last looked whether the other side is there. */
    private final AtomicInteger resumed = new AtomicInteger();

    private final MessageAssembler assembler = new MessageAssembler(MessageAssembler.MAX_MESSAGE);
    private volatile long heardAt = System.nanoTime();

    /**
     * For one connection attempt.
     *
     * @param window bounds what is received and not done with
     * @param incoming takes the messages
     * @param owner hears what becomes of it
     */
    Socket(ReceiveWindow window, Incoming incoming, Owner owner) {
        this.window = window;
        this.incoming = incoming;
        this.owner = owner;
    }

    /** When the last frame came, of {@link System#nanoTime}; now, while none is read. */
    long heardAt() {
        return window.isStalled() ? System.nanoTime() : heardAt;
    }

    @Override
    public void onOpen(WebSocket webSocket) {
        owner.opened();
        // What the connections before brought may still be worked on.
        if (window.mayRead(() -> readOn(webSocket))) {
            webSocket.request(1);
        }
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(
            WebSocket webSocket, ByteBuffer part, boolean last) {
        heardAt = System.nanoTime();
        Optional<byte[]> message;
        try {
            message = assembler.add(part, last);
        } catch (MessageAssembler.TooLongException e) {
            owner.ended(this, "it sent a message that is too long");
            return null;
        }
        if (message.isEmpty()) {
            webSocket.request(1);
            return null;
        }
        int length = message.get().length;
        boolean more = window.take(length, () -> readOn(webSocket));
        var released = new AtomicBoolean();
        incoming.received(
                message.get(),
                () -> {
                    if (released.compareAndSet(false, true)) {
                        window.release(length);
                    }
                });
        if (more) {
            webSocket.request(1);
        }
        return null;
    }

    private void readOn(WebSocket webSocket) {
        // What came meanwhile is still in the socket, so the silence starts over.
        heardAt = System.nanoTime();
        webSocket.request(1);
        if (resumed.getAndIncrement() == 0) {
            owner.readsAgain(this);
        }
    }

    /**
     * Whether reading has stopped and gone on again since its owner was told, so that what was
     * heard meanwhile does not show that there is still somebody. If not, the owner is told of the
     * next time.
     */
    boolean needsAnotherLook() {
        if (resumed.compareAndSet(1, 0)) {
            return false;
        }
        resumed.set(1);
        return true;
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
        owner.ended(this, "it sent text");
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int status, String reason) {
        owner.ended(this, "closed with " + status + (reason.isEmpty() ? "" : " " + reason));
        return null;
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
        owner.ended(this, error.toString());
    }
}
