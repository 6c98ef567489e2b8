/**
 * A client of an RMB relay: {@link dev.rmb.client.RmbClient} connects a twin, calls others and
 * serves their calls.
 */
@NullMarked
package dev.rmb.client;

import org.jspecify.annotations.NullMarked;
