package dev.rmb.peer.message;

/**
 * Why a message was not processed, as its sender is told. See docs/rmb-peer.md, "Errors".
 *
 * @param code u32; the kind of the error
 * @param text for people
 */
public record PeerError(long code, String text) {
    /** It cannot be encrypted or decrypted. */
    public static final long CRYPTO = 106;

    /** The message cannot be understood. */
    public static PeerError invalidMessage(String why) {
        return new PeerError(100, "invalid message payload type: " + why);
    }

    /** The data within the message cannot be. */
    public static PeerError invalidPayload(String why) {
        return new PeerError(101, "invalid message payload data: " + why);
    }

    /** Its time is over. */
    public static PeerError expired() {
        return new PeerError(102, "envelope validation error: envelope has expired");
    }

    /** Its time is over, and nobody has answered. */
    public static PeerError unanswered() {
        return new PeerError(102, "envelope validation error: no answer came in time");
    }

    /** The directory does not know the other twin. */
    public static PeerError unknownTwin(long twin) {
        return new PeerError(103, "unknown twin id '" + twin + "'");
    }

    /** It cannot be encrypted or decrypted. */
    public static PeerError crypto(String why) {
        return new PeerError(CRYPTO, "e2e error: " + why);
    }

    /** Everything else. */
    public static PeerError other(String why) {
        return new PeerError(500, "other: " + why);
    }
}
