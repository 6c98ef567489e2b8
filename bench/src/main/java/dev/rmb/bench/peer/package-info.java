/** Calls through two peers and their Redis, as programs on two nodes make them. */
@NullMarked
package dev.rmb.bench.peer;

import org.jspecify.annotations.NullMarked;
