/** How a server process writes its log. */
@NullMarked
package dev.rmb.server.logging;

import org.jspecify.annotations.NullMarked;
