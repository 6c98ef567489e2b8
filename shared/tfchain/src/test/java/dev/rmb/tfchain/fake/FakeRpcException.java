package dev.rmb.tfchain.fake;

/** An error that the fake node answers. */
final class FakeRpcException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int code;

    FakeRpcException(int code, String message) {
        super(message);
        this.code = code;
    }

    int code() {
        return code;
    }
}
