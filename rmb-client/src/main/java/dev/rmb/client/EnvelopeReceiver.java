package dev.rmb.client;

import dev.rmb.proto.Envelope;

/**
 * Takes what a session receives. Called on the session's threads: in order for each source, for
 * several sources at the same time. Must neither block nor throw.
 */
@FunctionalInterface
public interface EnvelopeReceiver {
    /**
     * Takes a message.
     *
     * @param message verified and decrypted; to be {@linkplain ReceivedEnvelope#done done} with
     */
    void received(ReceivedEnvelope message);

    /**
     * Hears of a message that may not be believed. If it was a request, its sender is told by the
     * session. By default nothing is done.
     *
     * @param message as it was received, perhaps of somebody else than it says
     * @param code why, of {@link ErrorCodes}
     * @param reason the same as text
     */
    default void refused(Envelope message, int code, String reason) {}
}
