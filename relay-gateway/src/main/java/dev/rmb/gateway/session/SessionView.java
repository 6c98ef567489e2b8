package dev.rmb.gateway.session;

import dev.rmb.protocol.Address;
import java.net.InetAddress;

/**
 * A session as it was at one moment, for those who look at it from outside.
 *
 * @param since when it was opened, milliseconds since the epoch
 * @param transport by which its client came
 * @param received envelopes and their bytes from the client
 * @param delivered envelopes and their bytes to the client
 * @param unconfirmed deliveries that the client has not confirmed yet
 * @param queuedBytes that wait for the client to read them, about
 * @param inFlightBytes from the client that are under way into the log
 * @param silentMs since the client was last heard
 * @param confirmedMs since it last answered a probe; -1: it never did
 * @param isRead whether its socket is read at the moment; not while something has to wait
 */
public record SessionView(
        long id,
        Address address,
        long since,
        String transport,
        InetAddress remote,
        Traffic received,
        Traffic delivered,
        long unconfirmed,
        long queuedBytes,
        long inFlightBytes,
        long silentMs,
        long confirmedMs,
        boolean isRead) {
    /** How much went one way. */
    public record Traffic(long messages, long bytes) {}

    public SessionKey key() {
        return new SessionKey(address.twin(), id);
    }
}
