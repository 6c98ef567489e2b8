package dev.rmb.gateway.websocket;

/** Codes of close frames. See RFC 6455, 7.4.1. */
final class CloseCode {
    static final int NORMAL = 1000;
    static final int GOING_AWAY = 1001;
    static final int PROTOCOL_ERROR = 1002;
    static final int NO_STATUS = 1005;
    static final int BAD_TEXT = 1007;
    static final int POLICY = 1008;
    static final int TOO_BIG = 1009;
    static final int FAULT = 1011;
    static final int RESTART = 1012;
    static final int TRY_LATER = 1013;

    private static final int UNASSIGNED = 1004;
    private static final int LAST_SENT = 1014;
    private static final int FIRST_PRIVATE = 3000;
    private static final int LAST_PRIVATE = 4999;

    private CloseCode() {}

    /** Whether a close frame may be answered with this; no status stands for an empty frame. */
    static boolean maySend(int code) {
        return (code >= NORMAL && code < UNASSIGNED)
                || code == NO_STATUS
                || (code >= BAD_TEXT && code <= LAST_SENT)
                || (code >= FIRST_PRIVATE && code <= LAST_PRIVATE);
    }
}
