/** The twins that the load generator speaks for, the same ones in every run. */
@NullMarked
package dev.rmb.bench.twins;

import org.jspecify.annotations.NullMarked;
