package dev.rmb.gateway.polling;

import dev.rmb.gateway.http.Exchange;
import dev.rmb.gateway.session.Ending;

/** What a client that waits is told when its session ends. */
final class Endings {
    private static final int FORBIDDEN = 403;
    private static final int CONFLICT = 409;
    private static final int FAULT = 500;
    private static final int COME_AGAIN = 503;

    private Endings() {}

    static void replaced(Exchange exchange) {
        exchange.reply(CONFLICT, Ending.REPLACED.text());
    }

    static void answer(Exchange exchange, Ending why) {
        int status =
                switch (why) {
                    case BANNED -> FORBIDDEN;
                    case REPLACED -> CONFLICT;
                    case FAULT, NOT_ACCEPTED, NOT_AN_ENVELOPE -> FAULT;
                    case GOING_AWAY, SILENT, NOT_READING, SHED, UNFINISHED, DISCONNECTED, CUT_OFF ->
                            COME_AGAIN;
                };
        if (why == Ending.GOING_AWAY) {
            exchange.answer(status, "draining");
        } else {
            exchange.reply(status, why.text());
        }
    }
}
