/** What processes measure beside counting: how long things take. */
@NullMarked
package dev.rmb.server.metrics;

import org.jspecify.annotations.NullMarked;
