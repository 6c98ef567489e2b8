package dev.rmb.gateway.websocket;

/** Codes of close frames. See RFC 6455, 7.4.1. */
final class CloseCode {
    static final int NORMAL = 1000;
    static final int GOING_AWAY = 1001;
    static final int PROTOCOL_ERROR = 1002;
    static final int NO_STATUS = 1005;
    static final int POLICY = 1008;
    static final int TOO_BIG = 1009;
    static final int FAULT = 1011;
    static final int RESTART = 1012;

    private CloseCode() {}
}
