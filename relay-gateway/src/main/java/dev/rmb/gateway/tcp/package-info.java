/**
 * Length-prefixed frames on a port of their own, for servers and constrained devices. See
 * docs/transports.md.
 */
@NullMarked
package dev.rmb.gateway.tcp;

import org.jspecify.annotations.NullMarked;
