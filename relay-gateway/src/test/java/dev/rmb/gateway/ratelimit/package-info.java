@NullMarked
package dev.rmb.gateway.ratelimit;

import org.jspecify.annotations.NullMarked;
