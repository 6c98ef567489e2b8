/** Figures of several rounds: what they have in common, and what was hoped for. */
@NullMarked
package dev.rmb.bench.figure;

import org.jspecify.annotations.NullMarked;
