/**
 * What a partition's owner keeps beside the log: messages that wait for their address, the
 * watermark, and what became of messages that were refused.
 */
@NullMarked
package dev.rmb.router.mailbox;

import org.jspecify.annotations.NullMarked;
