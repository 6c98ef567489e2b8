/**
 * Ways into an event loop for other threads: bounded, and with one wake-up for many items. Knows
 * nothing of what is passed.
 */
@NullMarked
package dev.rmb.gateway.loop;

import org.jspecify.annotations.NullMarked;
