/** SCALE, the encoding of Substrate chains: bytes to values and back, within bounds. */
@NullMarked
package dev.rmb.tfchain.scale;

import org.jspecify.annotations.NullMarked;
