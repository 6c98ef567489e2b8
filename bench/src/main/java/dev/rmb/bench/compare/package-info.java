/** Two targets in turn, so that both have the same weather. */
@NullMarked
package dev.rmb.bench.compare;

import org.jspecify.annotations.NullMarked;
