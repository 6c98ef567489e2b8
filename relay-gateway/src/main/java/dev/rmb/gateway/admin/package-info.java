/** A gateway's sessions as operators see and end them. */
@NullMarked
package dev.rmb.gateway.admin;

import org.jspecify.annotations.NullMarked;
