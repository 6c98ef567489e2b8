/** From the log to sessions and mailboxes: the owner of partitions. */
@NullMarked
package dev.rmb.router;

import org.jspecify.annotations.NullMarked;
