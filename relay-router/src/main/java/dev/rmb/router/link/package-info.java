/** The links from gateways: who is connected, and which partition each message is for. */
@NullMarked
package dev.rmb.router.link;

import org.jspecify.annotations.NullMarked;
