/** Whether a client is who it says: tokens against the twin directory. */
@NullMarked
package dev.rmb.gateway.auth;

import org.jspecify.annotations.NullMarked;
