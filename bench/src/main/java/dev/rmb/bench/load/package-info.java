/**
 * The load generator: sessions that send and receive over WebSockets, what they count, and the runs
 * made of them.
 */
@NullMarked
package dev.rmb.bench.load;

import org.jspecify.annotations.NullMarked;
