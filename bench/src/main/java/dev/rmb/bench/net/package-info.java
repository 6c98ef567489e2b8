/** What hub and load generator share of Netty: the transport, and flushing once per loop turn. */
@NullMarked
package dev.rmb.bench.net;

import org.jspecify.annotations.NullMarked;
