package dev.rmb.tfchain.rpc;

/** No answer came: the connection ended, or the time for it did. The call may have had effect. */
public final class RpcLostException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RpcLostException(String message) {
        super(message);
    }
}
