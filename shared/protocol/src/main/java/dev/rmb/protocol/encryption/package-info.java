/** Payloads that only their two ends can read. See protocol.md, "End-to-end encryption". */
@NullMarked
package dev.rmb.protocol.encryption;

import org.jspecify.annotations.NullMarked;
