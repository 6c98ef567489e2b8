/** Sessions that do nothing, in great numbers: what one of them costs a relay in memory. */
@NullMarked
package dev.rmb.bench.idle;

import org.jspecify.annotations.NullMarked;
