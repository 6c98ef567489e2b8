/** Which twin a key belongs to, and what the directory says of it. */
@NullMarked
package dev.rmb.peer.twin;

import org.jspecify.annotations.NullMarked;
