/** What Kafka alone carries: its own performance tools on the relay's own broker. */
@NullMarked
package dev.rmb.bench.kafka;

import org.jspecify.annotations.NullMarked;
