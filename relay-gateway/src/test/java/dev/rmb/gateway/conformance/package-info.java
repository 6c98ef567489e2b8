/**
 * Whether a relay does what docs/specification.md, 8.2, says, on each of its transports. Drives a
 * relay by its URLs: one that it starts, or the one that system properties name ({@link
 * dev.rmb.gateway.conformance.RelayUnderTest}).
 */
@NullMarked
package dev.rmb.gateway.conformance;

import org.jspecify.annotations.NullMarked;
