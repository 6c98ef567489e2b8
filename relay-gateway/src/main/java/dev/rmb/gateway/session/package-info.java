/**
 * What a connected client is to the gateway, whatever transport it came by: whose envelopes are
 * taken, what waits for the log, what was delivered and confirmed, when it counts as gone. See
 * delivery.md, 13 to 16.
 *
 * <p>A session belongs to one event loop, and nobody else touches it. {@link
 * dev.rmb.gateway.session.Connection} is its transport, {@link dev.rmb.gateway.session.Presence}
 * and {@link dev.rmb.gateway.session.Scope} are how it knows of the partition's owner.
 */
@NullMarked
package dev.rmb.gateway.session;

import org.jspecify.annotations.NullMarked;
