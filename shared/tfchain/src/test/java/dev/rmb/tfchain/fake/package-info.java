/**
 * A chain that tests run: blocks, twins, transactions and faults at their word, behind the JSON-RPC
 * of real nodes.
 */
@NullMarked
package dev.rmb.tfchain.fake;

import org.jspecify.annotations.NullMarked;
