/** The Reliable Message Bus as a library: what every part of the protocol shares. */
@NullMarked
package dev.rmb.protocol;

import org.jspecify.annotations.NullMarked;
