/**
 * What became of single messages, for operators who ask: the last outcomes of a pod, in memory, and
 * a search through the log. Nothing else depends on either.
 */
@NullMarked
package dev.rmb.cluster.trace;

import org.jspecify.annotations.NullMarked;
