/** RMB as a library: addresses, and the features below this package. No I/O. */
@NullMarked
package dev.rmb.protocol;

import org.jspecify.annotations.NullMarked;
