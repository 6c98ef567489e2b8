/** Payloads that only their two ends can read. See docs/specification.md, 6. */
@NullMarked
package dev.rmb.protocol.encryption;

import org.jspecify.annotations.NullMarked;
