@NullMarked
package dev.rmb.gateway.http;

import org.jspecify.annotations.NullMarked;
