package dev.rmb.gateway.edge;

import com.codahale.metrics.MetricRegistry;
import dev.rmb.gateway.http.PublicPort;
import dev.rmb.gateway.socket.Sockets;

/**
 * What a gateway has for its transports.
 *
 * @param http the public port, not listening yet: for transports that speak HTTP
 * @param sockets where others listen on a port of their own
 * @param admission where clients show their tokens and become sessions
 */
public record Edge(PublicPort http, Sockets sockets, Admission admission, MetricRegistry metrics) {}
