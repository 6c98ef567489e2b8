package dev.rmb.bench.offline;

import dev.rmb.bench.load.FrameTemplate;
import dev.rmb.bench.process.ServerPid;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * What is sent to whom while they are away.
 *
 * @param relays where the sessions connect, in turn
 * @param firstTwin id of the first demo twin: the receivers', then the senders'
 * @param senders sessions that send
 * @param receivers sessions that fetch
 * @param messages of all senders together, to the receivers in turn
 * @param unconfirmed that a sender has under way at most
 * @param payload bytes of each
 * @param settle from the last acceptance until the receivers connect
 * @param patience without any arrival, after which the rest counts as lost
 * @param servers processes whose cost is reported
 */
public record OfflineSettings(
        List<URI> relays,
        long firstTwin,
        int senders,
        int receivers,
        int messages,
        int unconfirmed,
        int payload,
        Duration settle,
        Duration patience,
        List<ServerPid> servers) {
    private static final int MAX_SESSIONS = 5_000;

    /**
     * Refuses what cannot be run.
     *
     * @throws IllegalArgumentException with a message for the user
     */
    public OfflineSettings {
        relays = List.copyOf(relays);
        servers = List.copyOf(servers);
        if (senders < 1 || receivers < 1 || senders > MAX_SESSIONS || receivers > MAX_SESSIONS) {
            throw new IllegalArgumentException("--senders and --receivers: 1 to " + MAX_SESSIONS);
        }
        if (messages < senders || unconfirmed < 1) {
            throw new IllegalArgumentException(
                    "--messages: at least one for each sender; --window: at least 1");
        }
        if (payload < FrameTemplate.MIN_PAYLOAD) {
            throw new IllegalArgumentException("--payload: at least " + FrameTemplate.MIN_PAYLOAD);
        }
    }

    /** The same on these servers. */
    public OfflineSettings at(List<URI> servers, List<ServerPid> processes) {
        return new OfflineSettings(
                servers,
                firstTwin,
                senders,
                receivers,
                messages,
                unconfirmed,
                payload,
                settle,
                patience,
                processes);
    }
}
