/** The {@code twins} section of the configuration, and the registry in the admin API. */
@NullMarked
package dev.rmb.server.twins;

import org.jspecify.annotations.NullMarked;
