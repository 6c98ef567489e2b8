/** The admin port: health, metrics, and the admin API with its error format. */
@NullMarked
package dev.rmb.server.admin;

import org.jspecify.annotations.NullMarked;
