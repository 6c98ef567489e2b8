@NullMarked
package dev.rmb.gateway.socket;

import org.jspecify.annotations.NullMarked;
