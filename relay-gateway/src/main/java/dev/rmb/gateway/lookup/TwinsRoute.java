package dev.rmb.gateway.lookup;

import com.codahale.metrics.Counter;
import com.codahale.metrics.MetricRegistry;
import dev.rmb.cluster.limits.Limit;
import dev.rmb.gateway.http.Exchange;
import dev.rmb.gateway.http.HttpRoute;
import dev.rmb.gateway.ratelimit.RateLimiter;
import dev.rmb.gateway.ratelimit.RateLimits;
import dev.rmb.gateway.socket.RemoteAddress;
import dev.rmb.gateway.socket.Sockets;
import dev.rmb.protocol.identity.AccountId;
import dev.rmb.twins.Twin;
import dev.rmb.twins.TwinDirectory;
import dev.rmb.twins.TwinJson;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /twins/{id}} and {@code GET /twins?account=0x…}, from a directory that has all its
 * twins in memory; {@code HEAD} likewise.
 */
public final class TwinsRoute implements HttpRoute {
    private static final String PATH = "/twins";
    private static final CharSequence JSON = HttpHeaderValues.APPLICATION_JSON;
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final int OK = 200;
    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;
    private static final int TOO_MANY = 429;
    private static final int FAILED = 500;

    private final TwinDirectory directory;
    private final Limit perRemote;
    private final RateLimiter limiter;
    private final Clock clock;
    private final Counter served;
    private final Counter turnedAway;

    /**
     * @param perRemote how many a remote address has in each minute of the clock; 0: nobody may
     *     look up
     */
    public TwinsRoute(
            TwinDirectory directory, Limit perRemote, Clock clock, MetricRegistry metrics) {
        this.directory = directory;
        this.perRemote = perRemote;
        this.limiter = new RateLimiter(new RateLimits(perRemote::inForce, () -> 0));
        this.clock = clock;
        this.served = metrics.counter("rmb_gateway_twin_look_ups_total");
        this.turnedAway = metrics.counter("rmb_gateway_twin_look_ups_refused_total");
    }

    @Override
    public boolean serves(HttpRequest request) {
        String uri = request.uri();
        return (request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD))
                && perRemote.inForce() > 0
                && (uri.startsWith(PATH + "/") || uri.startsWith(PATH + "?") || uri.equals(PATH));
    }

    @Override
    public void serve(Exchange exchange) {
        long remote = RemoteAddress.key(Sockets.originOf(exchange.channel()).address());
        if (!limiter.take(remote, 0, clock.millis())) {
            turnedAway.inc();
            exchange.reply(TOO_MANY, "too many look-ups");
            return;
        }
        CompletionStage<Optional<Twin>> found = lookUp(exchange.request().uri());
        if (found == null) {
            exchange.reply(
                    BAD_REQUEST, "ask for /twins/ID, or /twins?account= with 32 bytes in hex");
            return;
        }
        served.inc();
        var _ =
                found.whenComplete((twin, failure) -> {
                    if (failure != null) {
                        exchange.reply(FAILED, "the twin could not be looked up");
                    } else {
                        answer(exchange, twin);
                    }
                });
    }

    private @Nullable CompletionStage<Optional<Twin>> lookUp(String uri) {
        try {
            if (uri.startsWith(PATH + "/")) {
                String path = new QueryStringDecoder(uri).path();
                return directory.byId(Long.parseLong(path.substring(PATH.length() + 1)));
            }
            List<String> accounts = new QueryStringDecoder(uri).parameters().get("account");
            return accounts == null || accounts.size() != 1
                    ? null
                    : directory.byAccount(AccountId.parse(accounts.getFirst()));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static void answer(Exchange exchange, Optional<Twin> found) {
        FullHttpResponse response =
                found.map(twin -> response(exchange, OK, TwinJson.write(twin).toString(), JSON))
                        .orElseGet(() -> response(exchange, NOT_FOUND, "twin not found", TEXT));
        // Both may be another's answer a moment later, and caches keep a 404, too.
        response.headers().set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_CACHE);
        exchange.reply(response);
    }

    private static FullHttpResponse response(
            Exchange exchange, int status, String text, CharSequence type) {
        FullHttpResponse response =
                exchange.response(status, ByteBufUtil.writeUtf8(exchange.channel().alloc(), text));
        response.headers().set(HttpHeaderNames.CONTENT_TYPE, type);
        return response;
    }
}
