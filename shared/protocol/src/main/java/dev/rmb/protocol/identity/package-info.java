/**
 * Who a twin is and how it proves it: accounts, secrets, key pairs and signatures. See protocol.md,
 * "Identities".
 */
@NullMarked
package dev.rmb.protocol.identity;

import org.jspecify.annotations.NullMarked;
