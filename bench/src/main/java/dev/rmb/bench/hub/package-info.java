/**
 * A WebSocket hub in memory, which does nothing that a relay promises: the limit to compare with.
 */
@NullMarked
package dev.rmb.bench.hub;

import org.jspecify.annotations.NullMarked;
