/** How much a twin may send in a minute. See protocol.md, "Peer → relay". */
@NullMarked
package dev.rmb.gateway.ratelimit;

import org.jspecify.annotations.NullMarked;
