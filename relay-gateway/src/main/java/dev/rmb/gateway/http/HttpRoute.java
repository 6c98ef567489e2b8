package dev.rmb.gateway.http;

import io.netty.handler.codec.http.HttpRequest;

/** Serves some of the requests on the public port. Called on event loops: never blocks. */
public interface HttpRoute {
    /** Whether it serves this request; the first route that does gets it. */
    boolean serves(HttpRequest request);

    /** Serves it, now or later, on any thread. */
    void serve(Exchange exchange);
}
