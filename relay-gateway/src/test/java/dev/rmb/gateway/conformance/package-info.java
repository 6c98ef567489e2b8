/**
 * Whether a relay does what protocol.md, "Peer → relay", says, on each of its transports. Drives a
 * relay by its URLs: one that it starts, or the one that system properties name ({@link
 * dev.rmb.gateway.conformance.RelayUnderTest}).
 */
@NullMarked
package dev.rmb.gateway.conformance;

import org.jspecify.annotations.NullMarked;
