/** How lists are cut into pages: the same for each of them. */
@NullMarked
package dev.rmb.server.paging;

import org.jspecify.annotations.NullMarked;
