/** Senders and receivers on sockets of their own, that behave well or badly as they are told. */
@NullMarked
package dev.rmb.reliability.load;

import org.jspecify.annotations.NullMarked;
