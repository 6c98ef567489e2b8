/** Who owns a partition: the claims in {@code rmb.owners}, written by routers, followed by all. */
@NullMarked
package dev.rmb.cluster.ownership;

import org.jspecify.annotations.NullMarked;
