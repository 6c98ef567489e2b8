/** Files, sent and received chunk by chunk. */
@NullMarked
package dev.rmb.peer.upload;

import org.jspecify.annotations.NullMarked;
