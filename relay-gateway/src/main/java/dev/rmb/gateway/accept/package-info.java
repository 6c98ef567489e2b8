/** From a client's envelope to a record that all in-sync replicas have: the way into the log. */
@NullMarked
package dev.rmb.gateway.accept;

import org.jspecify.annotations.NullMarked;
