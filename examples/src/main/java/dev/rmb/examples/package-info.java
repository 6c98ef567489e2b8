/**
 * Small programs that show the SDK, against a relay on this machine: {@code ./relay up}, then
 * {@code ./relay example calculator}.
 */
@NullMarked
package dev.rmb.examples;

import org.jspecify.annotations.NullMarked;
