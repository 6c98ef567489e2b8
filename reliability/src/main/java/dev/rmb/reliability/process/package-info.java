/** Processes of the operating system: started, killed, paused, and never left behind. */
@NullMarked
package dev.rmb.reliability.process;

import org.jspecify.annotations.NullMarked;
