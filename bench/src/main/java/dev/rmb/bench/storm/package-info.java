/** Many sessions that break off at once and all want to be back at once. */
@NullMarked
package dev.rmb.bench.storm;

import org.jspecify.annotations.NullMarked;
