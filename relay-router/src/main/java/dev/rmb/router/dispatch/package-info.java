/**
 * Decides what becomes of each message of one partition: a state machine without clock, thread,
 * Kafka or link. See delivery.md, 1 to 11; its rules are cited by number.
 */
@NullMarked
package dev.rmb.router.dispatch;

import org.jspecify.annotations.NullMarked;
