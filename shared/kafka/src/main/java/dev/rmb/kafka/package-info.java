/**
 * How this project talks to Kafka: client settings, topics that must exist, and following a small
 * topic. Knows nothing of envelopes.
 */
@NullMarked
package dev.rmb.kafka;

import org.jspecify.annotations.NullMarked;
