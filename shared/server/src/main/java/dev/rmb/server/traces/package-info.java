/** What became of one message, put together from all pods and the log. */
@NullMarked
package dev.rmb.server.traces;

import org.jspecify.annotations.NullMarked;
