/** What it costs a relay to be watched. */
@NullMarked
package dev.rmb.bench.scrape;

import org.jspecify.annotations.NullMarked;
