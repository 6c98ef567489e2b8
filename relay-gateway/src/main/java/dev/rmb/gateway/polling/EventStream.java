package dev.rmb.gateway.polling;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rmb.gateway.http.Exchange;
import dev.rmb.gateway.http.ResponseStream;
import dev.rmb.gateway.session.Ending;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Base64;

/** Server-sent events: each envelope in base64, with its id. */
final class EventStream implements Fetch {
    static final String TYPE = "text/event-stream";

    private final ByteBufAllocator buffers;
    private final ResponseStream out;
    private boolean over;

    /**
     * @param after where it begins: told at once, so that who reconnects can name it
     * @param writable is told when more can be sent
     */
    EventStream(Exchange exchange, EnvelopeId after, Runnable writable) {
        this.buffers = exchange.channel().alloc();
        this.out = exchange.stream(TYPE, writable);
        write("id: " + after + "\n\n");
        out.flush();
    }

    @Override
    public long send(Iterable<Held> waiting, String session) {
        long last = 0;
        for (Held held : waiting) {
            if (!out.isWritable()) {
                last = last == 0 ? held.number() - 1 : last;
                break;
            }
            last = held.number();
            write(
                    "id: "
                            + new EnvelopeId(session, last)
                            + "\ndata: "
                            + Base64.getEncoder().encodeToString(held.envelope())
                            + "\n\n");
        }
        out.flush();
        return last;
    }

    @Override
    public void timedOut(EnvelopeId after) {
        // It waits for as long as its client does.
    }

    @Override
    public void abandoned() {
        over = true;
    }

    @Override
    public boolean isOver() {
        return over;
    }

    @Override
    public void signOfLife() {
        write(": still here\n\n");
        out.flush();
    }

    @Override
    public void replaced() {
        ended(Ending.REPLACED);
    }

    @Override
    public void ended(Ending why) {
        if (!over) {
            over = true;
            write("event: end\ndata: " + why.text() + "\n\n");
            out.end();
        }
    }

    private void write(String text) {
        ByteBuf piece = buffers.buffer(text.length());
        piece.writeCharSequence(text, UTF_8);
        out.write(piece);
    }
}
