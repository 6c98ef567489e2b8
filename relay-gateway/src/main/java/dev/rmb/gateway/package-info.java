/**
 * The gateway: clients' sockets on one side, the log on the other. {@link dev.rmb.gateway.Gateway}
 * puts the features below together. See architecture.md, "Gateway".
 */
@NullMarked
package dev.rmb.gateway;

import org.jspecify.annotations.NullMarked;
