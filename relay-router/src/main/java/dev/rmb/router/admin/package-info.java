/** A router's partitions and mailboxes as operators see and steer them. */
@NullMarked
package dev.rmb.router.admin;

import org.jspecify.annotations.NullMarked;
