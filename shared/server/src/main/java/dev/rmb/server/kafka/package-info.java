/** The {@code kafka} section of the configuration. */
@NullMarked
package dev.rmb.server.kafka;

import org.jspecify.annotations.NullMarked;
