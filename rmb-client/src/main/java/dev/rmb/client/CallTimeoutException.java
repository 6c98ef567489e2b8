package dev.rmb.client;

import dev.rmb.protocol.Address;
import java.time.Duration;

/** A call was sent and not answered in its time. The service may have run it or not. */
public final class CallTimeoutException extends RmbException {
    CallTimeoutException(Address to, String command, Duration ttl) {
        super("no answer from " + to + " to " + command + " within " + ttl, null, true);
    }
}
