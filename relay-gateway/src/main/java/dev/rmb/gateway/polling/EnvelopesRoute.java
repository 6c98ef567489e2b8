package dev.rmb.gateway.polling;

import dev.rmb.gateway.auth.Authentication;
import dev.rmb.gateway.edge.Admission;
import dev.rmb.gateway.http.Exchange;
import dev.rmb.gateway.http.HttpRoute;
import dev.rmb.gateway.session.Session;
import dev.rmb.gateway.session.Submission;
import dev.rmb.gateway.socket.Sockets;
import dev.rmb.protocol.Address;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.util.AttributeKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /envelopes}, {@code GET /envelopes}, {@code POST /envelopes/ack}. The token comes as
 * bearer with each request.
 */
final class EnvelopesRoute implements HttpRoute {
    private static final String ENVELOPES = "/envelopes";
    private static final String ACK = "/envelopes/ack";
    private static final String BEARER = "Bearer ";
    private static final String WEBSOCKET = "websocket";
    private static final String AFTER = "after";
    private static final String WAIT = "wait";
    private static final String LAST_EVENT_ID = "Last-Event-ID";

    private static final int ACCEPTED = 202;
    private static final int OK = 200;
    private static final int CONFIRMED = 204;
    private static final int BAD_REQUEST = 400;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int WRONG_METHOD = 405;
    private static final int TOO_BIG = 413;
    private static final int WRONG_TYPE = 415;
    private static final int TOO_MANY = 429;
    private static final int BUSY = 503;
    private static final int NOT_CONFIRMED = 504;

    /** In one request: small ones cost more than their bytes. */
    private static final int MAX_ENVELOPES = 4096;

    /** Longer than the log takes to give an envelope up. */
    private static final Duration ANSWERED_WITHIN = Duration.ofMinutes(2);

    /** What was found out about the token that a connection showed last: most show the same. */
    private static final AttributeKey<Known> KNOWN =
            AttributeKey.valueOf(EnvelopesRoute.class, "known");

    private record Known(String token, Address address, long until) {}

    private final Admission admission;
    private final HttpTransport settings;
    private final ConcurrentMap<Address, PolledConnection> connections = new ConcurrentHashMap<>();

    EnvelopesRoute(Admission admission, HttpTransport settings) {
        this.admission = admission;
        this.settings = settings;
    }

    @Override
    public boolean serves(HttpRequest request) {
        String path = path(request);
        return (path.equals(ENVELOPES) || path.equals(ACK))
                // Others, such as HTTP/2, may be offered and are declined by not answering.
                && !request.headers().contains(HttpHeaderNames.UPGRADE, WEBSOCKET, true);
    }

    @Override
    public void serve(Exchange exchange) {
        HttpMethod method = exchange.request().method();
        boolean ack = path(exchange.request()).equals(ACK);
        if (ack && method.equals(HttpMethod.POST)) {
            identified(exchange, address -> acknowledge(exchange, address));
        } else if (!ack && method.equals(HttpMethod.POST)) {
            identified(exchange, address -> post(exchange, address));
        } else if (!ack && method.equals(HttpMethod.GET)) {
            identified(exchange, address -> get(exchange, address));
        } else {
            wrongMethod(exchange, ack ? "POST" : "GET, POST");
        }
    }

    private static void wrongMethod(Exchange exchange, String allowed) {
        FullHttpResponse response =
                exchange.response(
                        WRONG_METHOD,
                        ByteBufUtil.writeAscii(exchange.channel().alloc(), "method not allowed"));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8")
                .set(HttpHeaderNames.ALLOW, allowed);
        exchange.answer(response);
    }

    private void identified(Exchange exchange, Consumer<Address> then) {
        String authorization = exchange.request().headers().get(HttpHeaderNames.AUTHORIZATION, "");
        if (!authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            admission.refused();
            exchange.answer(BAD_REQUEST, "missing jwt");
            return;
        }
        String token = authorization.substring(BEARER.length()).trim();
        var known = exchange.channel().attr(KNOWN);
        Known last = known.get();
        if (last != null
                && last.token().equals(token)
                && Instant.now().getEpochSecond() <= last.until()) {
            if (admission.isBanned(last.address())) {
                admission.refused();
                exchange.answer(FORBIDDEN, "banned");
            } else {
                then.accept(last.address());
            }
            return;
        }
        admission.identify(
                exchange.channel(),
                token,
                result -> {
                    switch (result) {
                        case Authentication.Accepted(Address address, long until) -> {
                            known.set(new Known(token, address, until));
                            then.accept(address);
                        }
                        case Authentication.Refused no -> exchange.answer(no.status(), no.reason());
                    }
                });
    }

    private void post(Exchange exchange, Address address) {
        if (admission.isStopping()) {
            exchange.answer(BUSY, "draining");
            return;
        }
        String type = String.valueOf(HttpUtil.getMimeType(exchange.request()));
        boolean several = type.equalsIgnoreCase(Batch.TYPE);
        if (!several && !type.equalsIgnoreCase(Batch.ONE)) {
            exchange.answer(WRONG_TYPE, "send " + Batch.ONE + " or " + Batch.TYPE);
            return;
        }
        long max = (several ? settings.maxBody() : settings.maxMessage()).toBytes();
        exchange.readBody(
                (int) max,
                body -> submit(exchange, address, several ? Batch.read(body) : one(body)));
    }

    private void submit(Exchange exchange, Address address, @Nullable List<byte[]> envelopes) {
        if (envelopes == null) {
            exchange.reply(BAD_REQUEST, "the lengths do not add up");
        } else if (envelopes.size() > MAX_ENVELOPES) {
            exchange.reply(TOO_BIG, "too many envelopes");
        } else if (envelopes.stream().anyMatch(e -> e.length > settings.maxMessage().toBytes())) {
            exchange.reply(TOO_BIG, "message too big");
        } else if (admission.isBanned(address, exchange.channel())) {
            // While the body came.
            exchange.reply(FORBIDDEN, "banned");
        } else {
            exchange.within(ANSWERED_WITHIN);
            admission.submit(address, envelopes, exchange.channel(), to -> answer(exchange, to));
        }
    }

    private static List<byte[]> one(byte[] body) {
        return body.length == 0 ? List.of() : List.of(body);
    }

    private static void answer(Exchange exchange, Submission.Outcome outcome) {
        switch (outcome) {
            case Submission.Outcome.Accepted(byte[] pong) -> {
                if (pong == null) {
                    exchange.reply(ACCEPTED, "");
                } else {
                    FullHttpResponse response = exchange.response(OK, Unpooled.wrappedBuffer(pong));
                    response.headers().set(HttpHeaderNames.CONTENT_TYPE, Batch.ONE);
                    exchange.reply(response);
                }
            }
            case Submission.Outcome.Failed(Submission.Failure why, String text) ->
                    exchange.reply(
                            switch (why) {
                                case NOT_AN_ENVELOPE, NO_DESTINATION -> BAD_REQUEST;
                                case WRONG_SOURCE -> FORBIDDEN;
                                case RATE_LIMITED -> TOO_MANY;
                                case BUSY -> BUSY;
                                case NOT_CONFIRMED -> NOT_CONFIRMED;
                            },
                            text);
        }
    }

    private void acknowledge(Exchange exchange, Address address) {
        EnvelopeId id = EnvelopeId.parse(parameter(exchange, AFTER));
        if (id == null) {
            exchange.reply(BAD_REQUEST, "after must name an envelope");
            return;
        }
        PolledConnection connection = connections.get(address);
        if (connection == null || !connection.isNamed(id.session())) {
            exchange.reply(NOT_FOUND, "no such session");
            return;
        }
        connection.onLoop(() -> {
            if (connection.isClosed()) {
                exchange.reply(NOT_FOUND, "no such session");
            } else if (connection.confirmed(id.number())) {
                exchange.reply(CONFIRMED, "");
            } else {
                exchange.reply(BAD_REQUEST, "not sent yet");
            }
        });
    }

    private void get(Exchange exchange, Address address) {
        EnvelopeId after = after(exchange);
        PolledConnection known = after == null ? null : connections.get(address);
        if (after == null || known == null || !known.isNamed(after.session())) {
            begin(exchange, address);
            return;
        }
        known.onLoop(() -> {
            if (known.isClosed()) {
                exchange.channel().eventLoop().execute(() -> begin(exchange, address));
            } else if (known.confirmed(after.number())) {
                fetch(exchange, known, after.number());
            } else {
                exchange.reply(BAD_REQUEST, "not sent yet");
            }
        });
    }

    /** Opens a session, on the loop of the request's connection. */
    private void begin(Exchange exchange, Address address) {
        if (!exchange.channel().isActive()) {
            return;
        }
        if (admission.isStopping()) {
            // Before anything is opened: a session that the address has elsewhere lives on.
            exchange.answer(BUSY, "draining");
            return;
        }
        if (admission.isFull(address)) {
            exchange.answer(TOO_MANY, "too many connections");
            return;
        }
        var connection =
                new PolledConnection(
                        settings.linger(), ended -> connections.remove(address, ended));
        Session session = admission.open(address, connection, exchange.channel());
        connection.start(session);
        if (connection.isClosed()) {
            if (admission.isBanned(address)) {
                exchange.answer(FORBIDDEN, "banned");
            } else {
                exchange.answer(BUSY, "draining");
            }
            return;
        }
        connections.put(address, connection);
        fetch(exchange, connection, 0);
    }

    private void fetch(Exchange exchange, PolledConnection connection, long after) {
        Fetch fetch;
        if (exchange.request()
                .headers()
                .get(HttpHeaderNames.ACCEPT, "")
                .contains(EventStream.TYPE)) {
            fetch =
                    new EventStream(
                            exchange,
                            connection.id(after),
                            () -> connection.onLoop(connection::flush));
        } else {
            fetch = new LongPoll(exchange, settings.maxAnswer().toBytes());
        }
        exchange.watch(() -> connection.onLoop(() -> connection.abandoned(fetch)));
        connection.fetch(fetch, after, wait(exchange));
        connection.session().movedTo(Sockets.originOf(exchange.channel()).address());
    }

    private static @Nullable EnvelopeId after(Exchange exchange) {
        String named = parameter(exchange, AFTER);
        return EnvelopeId.parse(
                named.isEmpty() ? exchange.request().headers().get(LAST_EVENT_ID, "") : named);
    }

    /** As long as the client asks for, but not longer than is set. */
    private Duration wait(Exchange exchange) {
        try {
            Duration asked = Duration.ofSeconds(Long.parseLong(parameter(exchange, WAIT)));
            return asked.isNegative() || asked.compareTo(settings.longestWait()) > 0
                    ? settings.longestWait()
                    : asked;
        } catch (NumberFormatException | ArithmeticException e) {
            return settings.longestWait();
        }
    }

    private static String parameter(Exchange exchange, String name) {
        List<String> values =
                new QueryStringDecoder(exchange.request().uri()).parameters().get(name);
        return values == null || values.isEmpty() ? "" : values.getFirst();
    }

    private static String path(HttpRequest request) {
        String uri = request.uri();
        int query = uri.indexOf('?');
        return query < 0 ? uri : uri.substring(0, query);
    }
}
