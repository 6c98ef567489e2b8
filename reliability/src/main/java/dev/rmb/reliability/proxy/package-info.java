/** A network that can be cut and slowed down. */
@NullMarked
package dev.rmb.reliability.proxy;

import org.jspecify.annotations.NullMarked;
