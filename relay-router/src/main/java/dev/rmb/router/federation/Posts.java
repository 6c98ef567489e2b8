package dev.rmb.router.federation;

import java.util.function.Consumer;

/** Sends messages over HTTP. For its own thread alone. */
interface Posts {
    /**
     * @param envelope must not be changed by anybody
     * @param answered is called once, on the same thread, perhaps at once
     */
    void post(Destination to, byte[] envelope, Consumer<Answer> answered);
}
