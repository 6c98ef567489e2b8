/**
 * Who a twin is: the directory that gateway and router ask, and its sources: TFChain, a file, the
 * registry that the relay keeps in Kafka itself, and memory.
 */
@NullMarked
package dev.rmb.twins;

import org.jspecify.annotations.NullMarked;
