/** Attacks on a relay, at bounded rates, and what a pair that behaves well notices of them. */
@NullMarked
package dev.rmb.bench.hostile;

import org.jspecify.annotations.NullMarked;
