/**
 * The failure harness: breaks a relay of separate processes under load, and proves what became of
 * every message.
 */
@NullMarked
package dev.rmb.reliability;

import org.jspecify.annotations.NullMarked;
