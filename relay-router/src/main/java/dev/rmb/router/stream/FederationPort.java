package dev.rmb.router.stream;

import dev.rmb.protocol.Address;
import dev.rmb.router.dispatch.Dispatcher;
import dev.rmb.router.dispatch.Outgoing;
import dev.rmb.router.federation.FederationClient;
import dev.rmb.router.federation.RelayWatcher;
import dev.rmb.router.federation.Train;
import java.util.List;
import java.util.function.Consumer;

/** The way of one partition to other relays, from its opening to its closing. */
final class FederationPort implements RelayWatcher, AutoCloseable {
    private final FederationClient federation;

    /** Gives something to the dispatcher, on its thread. */
    private final Consumer<Consumer<Dispatcher>> dispatcher;

    private volatile boolean closed;

    FederationPort(FederationClient federation, Consumer<Consumer<Dispatcher>> dispatcher) {
        this.federation = federation;
        this.dispatcher = dispatcher;
        federation.watch(this);
    }

    boolean mayPost(List<String> relays) {
        return federation.mayPost(relays);
    }

    void post(long ticket, Address to, List<String> relays, List<Outgoing> messages) {
        federation.post(
                new Train(
                        to,
                        relays,
                        messages,
                        () -> closed,
                        (offset, what) ->
                                dispatcher.accept(d -> d.posted(to, ticket, offset, what))));
    }

    long pauseMs(int failures) {
        return federation.pauseMs(failures);
    }

    void waiting(List<String> relays, int more) {
        federation.waiting(relays, more);
    }

    @Override
    public void isBack(String domain) {
        dispatcher.accept(d -> d.relayIsBack(domain));
    }

    @Override
    public void isReset(String domain) {
        dispatcher.accept(d -> d.relayIsReset(domain));
    }

    /** The next owner sends what was not tried yet. */
    @Override
    public void close() {
        closed = true;
        federation.leave(this);
    }
}
