/** The command line of the load generator. */
@NullMarked
package dev.rmb.bench;

import org.jspecify.annotations.NullMarked;
