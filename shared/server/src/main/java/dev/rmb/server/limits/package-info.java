/** Limits as operators see them. */
@NullMarked
package dev.rmb.server.limits;

import org.jspecify.annotations.NullMarked;
