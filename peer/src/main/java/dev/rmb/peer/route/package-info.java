/** Messages from the local lists to the relays, and back. */
@NullMarked
package dev.rmb.peer.route;

import org.jspecify.annotations.NullMarked;
