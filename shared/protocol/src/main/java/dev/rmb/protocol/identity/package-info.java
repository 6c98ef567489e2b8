/**
 * Who a twin is and how it proves it: accounts, secrets, key pairs and signatures. See
 * docs/specification.md, 1.
 */
@NullMarked
package dev.rmb.protocol.identity;

import org.jspecify.annotations.NullMarked;
