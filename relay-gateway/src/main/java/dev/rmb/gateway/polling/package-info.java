/**
 * HTTP requests on the public port, for networks that break WebSockets: envelopes are posted, and
 * fetched by long polls or as a stream of events. See docs/transports.md.
 */
@NullMarked
package dev.rmb.gateway.polling;

import org.jspecify.annotations.NullMarked;
