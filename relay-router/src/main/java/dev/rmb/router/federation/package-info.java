/**
 * The way out to other relays: one POST for each message, to the relays of its twin in the order of
 * their ranks. See docs/federation.md.
 */
@NullMarked
package dev.rmb.router.federation;

import org.jspecify.annotations.NullMarked;
