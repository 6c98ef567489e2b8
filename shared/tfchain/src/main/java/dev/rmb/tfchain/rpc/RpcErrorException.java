package dev.rmb.tfchain.rpc;

/** The node's answer is an error. */
public final class RpcErrorException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int code;

    RpcErrorException(int code, String message) {
        super(message);
        this.code = code;
    }

    /** As JSON-RPC and the node number them. */
    public int code() {
        return code;
    }
}
