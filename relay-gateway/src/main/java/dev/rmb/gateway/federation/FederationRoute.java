package dev.rmb.gateway.federation;

import dev.rmb.gateway.accept.Receipt;
import dev.rmb.gateway.edge.Admission;
import dev.rmb.gateway.http.Exchange;
import dev.rmb.gateway.http.HttpRoute;
import dev.rmb.gateway.ratelimit.RateLimiter;
import dev.rmb.gateway.ratelimit.RateLimits;
import dev.rmb.gateway.socket.RemoteAddress;
import dev.rmb.gateway.socket.Sockets;
import dev.rmb.protocol.envelope.EnvelopeHeader;
import dev.rmb.protocol.envelope.MalformedEnvelopeException;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import java.time.Clock;
import java.time.Duration;

/**
 * {@code POST /}: an envelope of another relay. Nothing is read that there is no room for, and
 * nothing is confirmed that the log does not have.
 */
final class FederationRoute implements HttpRoute {
    private static final String PATH = "/";

    /** Longer than the log takes to give an envelope up. */
    private static final Duration ANSWERED_WITHIN = Duration.ofMinutes(2);

    private static final long MINUTE_SECONDS = 60;
    private static final int UNKNOWN_LENGTH = -1;

    private final FederationSettings settings;
    private final Inspection inspection;
    private final Admission admission;
    private final RateLimiter perRemote;
    private final Held held;
    private final FederationMetrics metrics;
    private final Clock clock;

    FederationRoute(
            FederationSettings settings,
            RateLimits perRemote,
            Inspection inspection,
            Admission admission,
            Held held,
            FederationMetrics metrics,
            Clock clock) {
        this.settings = settings;
        this.inspection = inspection;
        this.admission = admission;
        this.perRemote = new RateLimiter(perRemote);
        this.held = held;
        this.metrics = metrics;
        this.clock = clock;
    }

    @Override
    public boolean serves(HttpRequest request) {
        String uri = request.uri();
        return request.method().equals(HttpMethod.POST)
                && (uri.equals(PATH) || uri.startsWith(PATH + "?"));
    }

    @Override
    public void serve(Exchange exchange) {
        long length = HttpUtil.getContentLength(exchange.request(), (long) UNKNOWN_LENGTH);
        // There will never be room for what is too long: it must not be told to come again.
        boolean isTooLong = length > settings.maxMessage().toBytes();
        if (admission.isStopping()) {
            refuse(exchange, Answer.DRAINING);
        } else if (isTooLong) {
            readBody(exchange, false);
        } else if (!admission.hasRoom(exchange.channel())
                || !held.hasRoomFor(Math.max(0, length))) {
            refuse(exchange, Answer.BUSY);
        } else if (length >= 0 && !isWithinLimits(exchange, length)) {
            refuse(exchange, Answer.RATE_LIMITED);
        } else {
            readBody(exchange, length < 0);
        }
    }

    private void readBody(Exchange exchange, boolean isUncounted) {
        exchange.readBody(
                (int) settings.maxMessage().toBytes(),
                () -> refuse(exchange, Answer.TOO_SLOW),
                body -> read(exchange, body, isUncounted));
    }

    /** Answers without reading what is left of the request. */
    private void refuse(Exchange exchange, Answer why) {
        metrics.answered(why);
        exchange.answer(response(exchange, why));
    }

    private void read(Exchange exchange, byte[] body, boolean isUncounted) {
        metrics.received();
        if (admission.isBanned(exchange.channel())) {
            // While the body came.
            reply(exchange, Answer.BANNED);
        } else if (isUncounted && !isWithinLimits(exchange, body.length)) {
            reply(exchange, Answer.RATE_LIMITED);
        } else if (body.length == 0) {
            reply(exchange, Answer.EMPTY);
        } else if (!held.take(body.length)) {
            reply(exchange, Answer.BUSY);
        } else {
            exchange.within(ANSWERED_WITHIN);
            inspect(exchange, body);
        }
    }

    private void inspect(Exchange exchange, byte[] body) {
        EnvelopeHeader envelope;
        try {
            envelope = EnvelopeHeader.scan(body);
        } catch (MalformedEnvelopeException e) {
            end(exchange, body, Answer.NOT_AN_ENVELOPE);
            return;
        }
        var _ =
                inspection
                        .inspect(envelope, body)
                        .thenAccept(answer -> {
                            if (answer == Answer.ACCEPTED) {
                                exchange.onLoop(() -> write(exchange, envelope, body));
                            } else {
                                end(exchange, body, answer);
                            }
                        });
    }

    private void write(Exchange exchange, EnvelopeHeader envelope, byte[] body) {
        boolean taken =
                admission.forward(
                        envelope,
                        body,
                        exchange.channel(),
                        outcome -> end(exchange, body, answer(outcome)));
        if (!taken) {
            end(exchange, body, Answer.BUSY);
        }
    }

    private static Answer answer(Receipt.Outcome outcome) {
        return switch (outcome) {
            case ACCEPTED -> Answer.ACCEPTED;
            case NOT_SENT -> Answer.BUSY;
            case UNCONFIRMED -> Answer.NOT_CONFIRMED;
        };
    }

    private void end(Exchange exchange, byte[] body, Answer answer) {
        held.giveBack(body.length);
        reply(exchange, answer);
    }

    private void reply(Exchange exchange, Answer answer) {
        metrics.answered(answer);
        exchange.reply(response(exchange, answer));
    }

    private boolean isWithinLimits(Exchange exchange, long bytes) {
        long remote = RemoteAddress.key(Sockets.originOf(exchange.channel()).address());
        return perRemote.take(remote, (int) Math.min(bytes, Integer.MAX_VALUE), clock.millis());
    }

    private FullHttpResponse response(Exchange exchange, Answer answer) {
        FullHttpResponse response =
                exchange.response(
                        answer.status(),
                        ByteBufUtil.writeUtf8(exchange.channel().alloc(), answer.text()));
        response.headers().set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.TEXT_PLAIN);
        if (answer.isPassing()) {
            response.headers().set(HttpHeaderNames.RETRY_AFTER, retryAfterSeconds(answer));
        }
        return response;
    }

    /** What one has used up comes back with the next minute; all else may be over at any time. */
    private long retryAfterSeconds(Answer answer) {
        return answer == Answer.RATE_LIMITED
                ? MINUTE_SECONDS - clock.instant().getEpochSecond() % MINUTE_SECONDS
                : 1;
    }
}
