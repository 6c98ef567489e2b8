/** Transactions: how they are signed, and what became of them. */
@NullMarked
package dev.rmb.tfchain.extrinsic;

import org.jspecify.annotations.NullMarked;
