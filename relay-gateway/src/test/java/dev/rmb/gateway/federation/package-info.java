@NullMarked
package dev.rmb.gateway.federation;

import org.jspecify.annotations.NullMarked;
