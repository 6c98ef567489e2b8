/**
 * A small server that speaks as much of Redis's protocol as the users of a peer need, in this
 * process's memory.
 */
@NullMarked
package dev.rmb.peer.resp;

import org.jspecify.annotations.NullMarked;
