package dev.rmb.client;

import java.net.URI;

/**
 * The connection ended while something was written to it: the relay has it, or has it not. It is
 * not sent again, as it might then be done twice.
 */
public final class DeliveryUncertainException extends RmbException {
    DeliveryUncertainException(URI relay) {
        super("the connection to " + relay + " was lost while this was written", null, false);
    }
}
