/**
 * The shell around {@link dev.rmb.router.dispatch}: a Kafka Streams application whose tasks own
 * partitions, with the threads, clients and clocks that a dispatcher does not know.
 */
@NullMarked
package dev.rmb.router.stream;

import org.jspecify.annotations.NullMarked;
