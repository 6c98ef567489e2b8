/** Twins for clients without a chain, on the public port. */
@NullMarked
package dev.rmb.gateway.lookup;

import org.jspecify.annotations.NullMarked;
