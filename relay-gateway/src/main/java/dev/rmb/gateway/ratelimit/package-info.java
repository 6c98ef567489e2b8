/** How much a twin may send in a minute. See docs/specification.md, 8.2. */
@NullMarked
package dev.rmb.gateway.ratelimit;

import org.jspecify.annotations.NullMarked;
