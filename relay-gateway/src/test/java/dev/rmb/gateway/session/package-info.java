@NullMarked
package dev.rmb.gateway.session;

import org.jspecify.annotations.NullMarked;
