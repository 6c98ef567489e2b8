/**
 * What clients do that mean harm. Whatever it is, they get the answer that the documents name, a
 * pair that behaves well goes on, and nothing of what they brought stays in memory. Drives a relay
 * by its URLs, like {@link dev.rmb.gateway.conformance}.
 */
@NullMarked
package dev.rmb.gateway.hostile;

import org.jspecify.annotations.NullMarked;
