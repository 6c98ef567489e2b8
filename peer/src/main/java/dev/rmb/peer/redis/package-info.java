/** Where messages wait on this side: a Redis, reached through Lettuce. */
@NullMarked
package dev.rmb.peer.redis;

import org.jspecify.annotations.NullMarked;
