/**
 * Listening: what all ports of a gateway have in common, whatever is spoken on them. Knows no
 * protocol.
 */
@NullMarked
package dev.rmb.gateway.socket;

import org.jspecify.annotations.NullMarked;
