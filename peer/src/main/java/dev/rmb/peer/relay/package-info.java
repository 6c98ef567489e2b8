/** Connections to the relays; one that works sends. */
@NullMarked
package dev.rmb.peer.relay;

import org.jspecify.annotations.NullMarked;
