package dev.rmb.gateway.edge;

import com.codahale.metrics.MetricRegistry;
import dev.rmb.gateway.auth.Authenticator;
import dev.rmb.gateway.http.PublicPort;
import dev.rmb.gateway.loop.EventLoops;
import dev.rmb.gateway.session.SessionLoops;
import dev.rmb.gateway.session.Sessions;

/**
 * What a gateway has for its transports.
 *
 * @param http the public port, not listening yet
 * @param sessions where authenticated clients are opened
 * @param loops the event loops to use, each with its session loop in {@code sessionLoops}
 */
public record Edge(
        PublicPort http,
        Authenticator authenticator,
        Sessions sessions,
        EventLoops loops,
        SessionLoops sessionLoops,
        MetricRegistry metrics) {}
