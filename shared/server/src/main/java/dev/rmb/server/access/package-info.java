/** Who may do what on the admin port: roles, tokens, and the lock-out of those who guess. */
@NullMarked
package dev.rmb.server.access;

import org.jspecify.annotations.NullMarked;
