/** Bans as operators see and change them. */
@NullMarked
package dev.rmb.server.bans;

import org.jspecify.annotations.NullMarked;
