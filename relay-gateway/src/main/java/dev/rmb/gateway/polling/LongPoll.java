package dev.rmb.gateway.polling;

import dev.rmb.gateway.http.Exchange;
import dev.rmb.gateway.session.Ending;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;

/** Is answered once, with what there is. */
final class LongPoll implements Fetch {
    /** The number of the last envelope in an answer. */
    static final String LAST_ID = "RMB-Last-Id";

    private static final int OK = 200;
    private static final int NOTHING = 204;

    private final Exchange exchange;
    private final long maxAnswer;
    private boolean over;

    LongPoll(Exchange exchange, long maxAnswer) {
        this.exchange = exchange;
        this.maxAnswer = maxAnswer;
    }

    @Override
    public long send(Iterable<Held> waiting, String session) {
        ByteBuf body = exchange.channel().alloc().buffer();
        long last = 0;
        for (Held held : waiting) {
            if (last > 0 && body.readableBytes() + held.envelope().length > maxAnswer) {
                break;
            }
            Batch.write(held.envelope(), body);
            last = held.number();
        }
        answer(OK, body, new EnvelopeId(session, last));
        return last;
    }

    @Override
    public void timedOut(EnvelopeId after) {
        if (!over) {
            answer(NOTHING, exchange.channel().alloc().buffer(0), after);
        }
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
        // Its answer comes soon enough.
    }

    @Override
    public void replaced() {
        if (!over) {
            over = true;
            Endings.replaced(exchange);
        }
    }

    @Override
    public void ended(Ending why) {
        if (!over) {
            over = true;
            Endings.answer(exchange, why);
        }
    }

    private void answer(int status, ByteBuf body, EnvelopeId last) {
        over = true;
        FullHttpResponse response = exchange.response(status, body);
        response.headers().set(LAST_ID, last.toString());
        if (status == OK) {
            response.headers().set(HttpHeaderNames.CONTENT_TYPE, Batch.TYPE);
        }
        exchange.reply(response);
    }
}
