/**
 * The dispatcher's surroundings: Kafka Streams and its store, the log that is read again at a
 * takeover, claims, look-ups and answers. See docs/kafka.md for why they are as they are.
 */
@NullMarked
package dev.rmb.router.stream;

import org.jspecify.annotations.NullMarked;
