/** A transport that is no part of the gateway: docs/transports.md shows it. */
@NullMarked
package dev.rmb.elsewhere;

import org.jspecify.annotations.NullMarked;
