/** Tests of what a gateway offers beside the log, and when. */
@NullMarked
package dev.rmb.gateway.offers;

import org.jspecify.annotations.NullMarked;
