/**
 * sr25519, the signature scheme of most Substrate accounts: Schnorr signatures over ristretto255
 * (RFC 9496) with Merlin transcripts, as the Rust crate schnorrkel 0.9 and later defines them. Not
 * exported; {@code dev.rmb.protocol.identity} is the way in.
 */
@NullMarked
package dev.rmb.protocol.sr25519;

import org.jspecify.annotations.NullMarked;
