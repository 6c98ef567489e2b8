@NullMarked
package dev.rmb.gateway.edge;

import org.jspecify.annotations.NullMarked;
