package dev.rmb.bench.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rmb.bench.net.TurnFlush;
import dev.rmb.protocol.Address;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshakerFactory;
import java.io.IOException;
import java.net.URI;
import java.util.Base64;
import java.util.Map;

/** Turns an HTTP request into a session of the address that its token claims. */
final class HubUpgrade extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final int MAX_FRAME = 16 << 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<Address, HubSession> sessions;
    private final TurnFlush turn;

    HubUpgrade(Map<Address, HubSession> sessions, TurnFlush turn) {
        this.sessions = sessions;
        this.turn = turn;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
        Address address;
        try {
            address = claimedAddress(URI.create(request.uri()).getRawQuery());
        } catch (IOException | RuntimeException e) {
            // Whatever is wrong with it: there is no address, so there is no session.
            refuse(ctx);
            return;
        }
        WebSocketServerHandshaker handshaker =
                new WebSocketServerHandshakerFactory("", null, false, MAX_FRAME)
                        .newHandshaker(request);
        if (handshaker == null) {
            refuse(ctx);
            return;
        }
        var _ = handshaker.handshake(ctx.channel(), request);
        ctx.pipeline().replace(this, null, new HubSession(address, sessions, turn));
    }

    private static Address claimedAddress(String token) throws IOException {
        String claims = token.split("\\.", -1)[1];
        JsonNode tree = JSON.readTree(Base64.getUrlDecoder().decode(claims));
        JsonNode connection = tree.path("sid");
        return new Address(
                tree.path("sub").asLong(), connection.isTextual() ? connection.asText() : null);
    }

    private static void refuse(ChannelHandlerContext ctx) {
        var response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.UNAUTHORIZED);
        var _ = ctx.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
    }
}
