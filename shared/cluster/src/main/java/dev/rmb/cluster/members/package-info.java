/** Which pods are alive: the heartbeats in {@code rmb.members}. */
@NullMarked
package dev.rmb.cluster.members;

import org.jspecify.annotations.NullMarked;
