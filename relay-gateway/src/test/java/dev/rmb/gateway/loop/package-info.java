@NullMarked
package dev.rmb.gateway.loop;

import org.jspecify.annotations.NullMarked;
