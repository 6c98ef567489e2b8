/** What peers send each other, and how it is read, stamped, signed and encrypted. */
@NullMarked
package dev.rmb.protocol.envelope;

import org.jspecify.annotations.NullMarked;
