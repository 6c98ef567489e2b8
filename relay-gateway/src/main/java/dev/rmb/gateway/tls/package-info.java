/** TLS on the ports that clients connect to. Knows nothing of what is spoken inside. */
@NullMarked
package dev.rmb.gateway.tls;

import org.jspecify.annotations.NullMarked;
