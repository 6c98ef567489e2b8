/** Starting the parts of a process in order, and stopping them in reverse. */
@NullMarked
package dev.rmb.server.lifecycle;

import org.jspecify.annotations.NullMarked;
