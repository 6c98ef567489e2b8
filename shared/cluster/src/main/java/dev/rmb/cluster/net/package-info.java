/** Addresses of the network, and ranges of them. */
@NullMarked
package dev.rmb.cluster.net;

import org.jspecify.annotations.NullMarked;
