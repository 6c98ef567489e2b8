package dev.rmb.gateway;

/** Whether a gateway takes clients. */
public enum GatewayState {
    SERVING,
    /** It is not ready any more, and serves on so that balancers notice. */
    LEAVING,
    /** It takes no new sessions, and ends those it has. */
    DRAINING,
    /** It has none any more. */
    DRAINED
}
