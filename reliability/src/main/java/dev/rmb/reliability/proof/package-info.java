/**
 * What was promised, held against what arrived: lost, reordered and repeated messages of each pair
 * of sender and address. No clock, thread or socket.
 */
@NullMarked
package dev.rmb.reliability.proof;

import org.jspecify.annotations.NullMarked;
