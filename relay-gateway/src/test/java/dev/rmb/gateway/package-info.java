@NullMarked
package dev.rmb.gateway;

import org.jspecify.annotations.NullMarked;
