/**
 * What local programs read and write, JSON on lists, and what it is as envelopes. See
 * docs/rmb-peer.md.
 */
@NullMarked
package dev.rmb.peer.message;

import org.jspecify.annotations.NullMarked;
