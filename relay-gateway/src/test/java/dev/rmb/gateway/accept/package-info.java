@NullMarked
package dev.rmb.gateway.accept;

import org.jspecify.annotations.NullMarked;
