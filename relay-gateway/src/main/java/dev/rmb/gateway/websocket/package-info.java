/**
 * The transport of existing clients: one envelope in each binary WebSocket message. See
 * protocol.md, "Peer → relay", and RFC 6455.
 */
@NullMarked
package dev.rmb.gateway.websocket;

import org.jspecify.annotations.NullMarked;
