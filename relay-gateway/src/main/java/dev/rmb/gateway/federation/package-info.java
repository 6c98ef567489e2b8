/**
 * {@code POST /} on the public port: envelopes that other relays bring. See docs/federation-in.md.
 */
@NullMarked
package dev.rmb.gateway.federation;

import org.jspecify.annotations.NullMarked;
