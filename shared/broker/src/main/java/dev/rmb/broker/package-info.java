/**
 * A Kafka broker inside the process: one KRaft node that is broker and controller, reachable from
 * this machine only. Standalone relays and tests run on it.
 */
@NullMarked
package dev.rmb.broker;

import org.jspecify.annotations.NullMarked;
