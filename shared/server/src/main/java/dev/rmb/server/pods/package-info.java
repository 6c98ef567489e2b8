/** Pods as operators see and steer them. */
@NullMarked
package dev.rmb.server.pods;

import org.jspecify.annotations.NullMarked;
