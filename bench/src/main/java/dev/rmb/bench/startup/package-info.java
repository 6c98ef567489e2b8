/** How long a relay takes to start, and what it costs while nobody uses it. */
@NullMarked
package dev.rmb.bench.startup;

import org.jspecify.annotations.NullMarked;
