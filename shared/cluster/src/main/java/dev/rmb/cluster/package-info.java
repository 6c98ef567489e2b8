/** What gateways and routers agree on: topics, partitioning, and the header of a record. */
@NullMarked
package dev.rmb.cluster;

import org.jspecify.annotations.NullMarked;
