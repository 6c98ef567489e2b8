/**
 * The router: owns partitions of the log, and with each the sessions, routes and mailboxes of the
 * twins in it.
 */
@NullMarked
package dev.rmb.router;

import org.jspecify.annotations.NullMarked;
