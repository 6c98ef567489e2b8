/** Pictures of what was measured. */
@NullMarked
package dev.rmb.bench.chart;

import org.jspecify.annotations.NullMarked;
