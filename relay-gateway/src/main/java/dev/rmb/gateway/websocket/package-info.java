/**
 * The transport of existing clients: one envelope in each binary WebSocket message. See
 * docs/specification.md, 8.2, and RFC 6455.
 */
@NullMarked
package dev.rmb.gateway.websocket;

import org.jspecify.annotations.NullMarked;
