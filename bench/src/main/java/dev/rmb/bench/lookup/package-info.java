/** What it costs to learn who a twin is. */
@NullMarked
package dev.rmb.bench.lookup;

import org.jspecify.annotations.NullMarked;
