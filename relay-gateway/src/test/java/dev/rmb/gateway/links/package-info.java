@NullMarked
package dev.rmb.gateway.links;

import org.jspecify.annotations.NullMarked;
