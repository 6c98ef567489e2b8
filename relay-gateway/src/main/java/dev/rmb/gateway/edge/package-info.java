/**
 * The seam for ways in which clients connect. A transport is framing and nothing else: it brings
 * authenticated connections to {@link dev.rmb.gateway.session.Sessions}, which do the rest.
 */
@NullMarked
package dev.rmb.gateway.edge;

import org.jspecify.annotations.NullMarked;
