package dev.rmb.standalone.node;

import dev.rmb.gateway.Gateway;
import dev.rmb.server.pods.Drainable;
import java.util.Locale;

/** A gateway as the admin API steers it. */
record DrainableGateway(Gateway gateway) implements Drainable {
    @Override
    public void drain() {
        gateway.drain();
    }

    @Override
    public boolean undrain() {
        return gateway.undrain();
    }

    @Override
    public String state() {
        return gateway.state().name().toLowerCase(Locale.ROOT);
    }

    @Override
    public long sessions() {
        return gateway.sessions();
    }
}
