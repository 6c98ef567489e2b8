/** The command line. */
@NullMarked
package dev.rmb.peer.command;

import org.jspecify.annotations.NullMarked;
