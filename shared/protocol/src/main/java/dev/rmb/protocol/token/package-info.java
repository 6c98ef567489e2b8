/** The tokens with which a peer opens a connection to a relay. */
@NullMarked
package dev.rmb.protocol.token;

import org.jspecify.annotations.NullMarked;
