/**
 * The link between a gateway and a router: what they say to each other, and the ways to carry it
 * (inside one process, or by gRPC).
 */
@NullMarked
package dev.rmb.cluster.link;

import org.jspecify.annotations.NullMarked;
