/**
 * Delivery beside the log, as far as a gateway has to do with it: what is offered to the owners of
 * partitions, whether that is worth it, and how long records may wait for others because of it.
 */
@NullMarked
package dev.rmb.gateway.offers;

import org.jspecify.annotations.NullMarked;
