/**
 * TFChain for programs that need its twins: {@link dev.rmb.tfchain.Chain} keeps a connection to one
 * of several nodes, looks twins up, tells of their changes, and registers and updates them.
 */
@NullMarked
package dev.rmb.tfchain;

import org.jspecify.annotations.NullMarked;
