/**
 * Who owns which partition, and the links to the owners: presence goes out, deliveries come in. See
 * delivery.md, 10 to 12.
 */
@NullMarked
package dev.rmb.gateway.links;

import org.jspecify.annotations.NullMarked;
