/** The hashes that Substrate chains name and sign things by. */
@NullMarked
package dev.rmb.tfchain.hash;

import org.jspecify.annotations.NullMarked;
