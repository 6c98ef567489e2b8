/** The command line: {@code ./relay}. */
@NullMarked
package dev.rmb.standalone.command;

import org.jspecify.annotations.NullMarked;
