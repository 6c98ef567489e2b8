@NullMarked
package dev.rmb.gateway.websocket;

import org.jspecify.annotations.NullMarked;
