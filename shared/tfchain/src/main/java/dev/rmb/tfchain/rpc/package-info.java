/** JSON-RPC over WebSocket, with subscriptions. */
@NullMarked
package dev.rmb.tfchain.rpc;

import org.jspecify.annotations.NullMarked;
