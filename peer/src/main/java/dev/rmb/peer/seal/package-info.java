/** What makes an envelope trustworthy: encryption and signature, and checking both. */
@NullMarked
package dev.rmb.peer.seal;

import org.jspecify.annotations.NullMarked;
