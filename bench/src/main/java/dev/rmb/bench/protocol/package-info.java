/** Microbenchmarks of the protocol library: what each message and each connection costs. */
@NullMarked
package dev.rmb.bench.protocol;

import org.jspecify.annotations.NullMarked;
