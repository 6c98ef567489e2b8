/** Brokers, routers and gateways, each a process of its own on this machine. */
@NullMarked
package dev.rmb.reliability.cluster;

import org.jspecify.annotations.NullMarked;
