/**
 * The public port: HTTP up to the moment where a connection becomes something else. Routes are
 * added by who serves them; everything else is 404 (contracts.md, "Public port").
 */
@NullMarked
package dev.rmb.gateway.http;

import org.jspecify.annotations.NullMarked;
