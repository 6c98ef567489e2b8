package dev.rmb.gateway.websocket;

import dev.rmb.gateway.auth.Authentication;
import dev.rmb.gateway.edge.Admission;
import dev.rmb.gateway.edge.Edge;
import dev.rmb.gateway.http.Exchange;
import dev.rmb.gateway.http.HttpRoute;
import dev.rmb.gateway.session.Session;
import dev.rmb.protocol.Address;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * Takes clients in. The whole query string is the token, as it stands: it has no name and is not
 * percent-encoded. See docs/specification.md, 8.2.
 */
final class UpgradeRoute implements HttpRoute {
    private static final String WEBSOCKET = "websocket";
    private static final String VERSION = "13";
    private static final String KEY_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private static final int BAD_REQUEST = 400;

    private final Admission admission;
    private final int maxFrame;
    private final int maxMessage;
    private final SecureRandom secrets = new SecureRandom();

    UpgradeRoute(Edge edge, int maxFrame, int maxMessage) {
        this.admission = edge.admission();
        this.maxFrame = maxFrame;
        this.maxMessage = maxMessage;
    }

    @Override
    public boolean serves(HttpRequest request) {
        HttpHeaders headers = request.headers();
        return request.method().equals(HttpMethod.GET)
                // An older one does not know what an upgrade is: RFC 9110, 7.8.
                && request.protocolVersion().compareTo(HttpVersion.HTTP_1_1) >= 0
                && headers.containsValue(HttpHeaderNames.UPGRADE, WEBSOCKET, true)
                && headers.containsValue(
                        HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true);
    }

    @Override
    public void serve(Exchange exchange) {
        if (HttpUtil.isTransferEncodingChunked(exchange.request())
                || HttpUtil.getContentLength(exchange.request(), 0L) != 0) {
            // Whoever thinks otherwise of where the frames begin must not be believed.
            refuse(exchange, BAD_REQUEST, "an upgrade has no body");
            return;
        }
        String uri = exchange.request().uri();
        int query = uri.indexOf('?');
        if (query < 0) {
            refuse(exchange, BAD_REQUEST, "missing jwt");
            return;
        }
        HttpHeaders headers = exchange.request().headers();
        if (!headers.contains(HttpHeaderNames.SEC_WEBSOCKET_KEY)) {
            refuse(exchange, BAD_REQUEST, "missing sec-websocket-key");
            return;
        }
        if (!VERSION.equals(headers.get(HttpHeaderNames.SEC_WEBSOCKET_VERSION))) {
            refuseVersion(exchange);
            return;
        }
        admission.admit(
                exchange.channel(), uri.substring(query + 1), result -> admitted(exchange, result));
    }

    private void admitted(Exchange exchange, Authentication result) {
        switch (result) {
            case Authentication.Accepted accepted -> upgrade(exchange, accepted.address());
            case Authentication.Refused no -> exchange.answer(no.status(), no.reason());
        }
    }

    private void upgrade(Exchange exchange, Address address) {
        Channel channel = exchange.channel();
        var connection = new WebSocketConnection(channel, maxFrame, maxMessage, secrets.nextLong());
        exchange.upgrade(switching(exchange.request()), connection);
        Session session = admission.open(address, connection, channel);
        connection.start(session);
    }

    private static FullHttpResponse switching(HttpRequest request) {
        FullHttpResponse response =
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1, HttpResponseStatus.SWITCHING_PROTOCOLS);
        response.headers()
                .set(HttpHeaderNames.UPGRADE, WEBSOCKET)
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE)
                .set(
                        HttpHeaderNames.SEC_WEBSOCKET_ACCEPT,
                        accept(request.headers().get(HttpHeaderNames.SEC_WEBSOCKET_KEY)));
        return response;
    }

    private static String accept(String key) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-1")
                            .digest((key + KEY_SUFFIX).getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }

    private void refuseVersion(Exchange exchange) {
        admission.refused();
        FullHttpResponse response =
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1,
                        HttpResponseStatus.UPGRADE_REQUIRED,
                        ByteBufUtil.writeUtf8(
                                exchange.channel().alloc(), "websocket version 13 expected"));
        response.headers().set(HttpHeaderNames.SEC_WEBSOCKET_VERSION, VERSION);
        exchange.answer(response);
    }

    private void refuse(Exchange exchange, int status, String reason) {
        admission.refused();
        exchange.answer(status, reason);
    }
}
