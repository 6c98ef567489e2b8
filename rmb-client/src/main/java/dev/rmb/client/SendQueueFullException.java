package dev.rmb.client;

/**
 * More is being sent, or awaited, than the connection carries. Wait for some of the stages of what
 * was sent before.
 */
public final class SendQueueFullException extends RmbException {
    SendQueueFullException(String message) {
        super(message, null, true);
    }
}
