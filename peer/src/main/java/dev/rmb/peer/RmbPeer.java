package dev.rmb.peer;

import dev.rmb.peer.redis.MessageStore;
import dev.rmb.peer.relay.Relays;
import dev.rmb.peer.route.LocalLists;
import dev.rmb.peer.route.LocalSide;
import dev.rmb.peer.route.Module;
import dev.rmb.peer.route.Outbox;
import dev.rmb.peer.route.RelaySide;
import dev.rmb.peer.route.VersionModule;
import dev.rmb.peer.seal.EnvelopeSeal;
import dev.rmb.protocol.identity.EncryptionKey;
import dev.rmb.protocol.identity.Signer;
import dev.rmb.twins.TwinDirectory;
import java.net.URI;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** A peer at work: between the lists of one Redis and the relays. */
public final class RmbPeer implements AutoCloseable {
    private final Relays relays;
    private final RelaySide relaySide;
    private final LocalLists lists;
    private final LocalSide localSide;

    private RmbPeer(Relays relays, RelaySide relaySide, LocalLists lists, LocalSide localSide) {
        this.relays = relays;
        this.relaySide = relaySide;
        this.lists = lists;
        this.localSide = localSide;
    }

    /**
     * Who a peer is.
     *
     * @param twin its id
     * @param signer of the twin's account
     * @param encryption the key whose public half the directory has
     */
    public record Identity(long twin, Signer signer, EncryptionKey encryption) {}

    /**
     * Begins to connect and to take messages. Everything given stays the caller's to close, after
     * this.
     *
     * @param relays 1 to 4
     * @param version of this program, for those who ask
     */
    public static RmbPeer start(
            Identity self,
            List<URI> relays,
            TwinDirectory twins,
            MessageStore store,
            String version) {
        InstantSource clock = InstantSource.system();
        var seal = new EnvelopeSeal(self.twin(), twins, self.encryption(), clock);
        var lists = new LocalLists(store, clock);
        var listener = new CompletableFuture<RelaySide>();
        Relays connected =
                Relays.connect(
                        relays,
                        self.twin(),
                        self.signer(),
                        envelope -> listener.join().received(envelope));
        var outbox = new Outbox(seal, connected, lists, clock);
        Map<String, Module> modules = new HashMap<>();
        var versions = new VersionModule(outbox, version, clock);
        modules.put(versions.name(), versions);
        var relaySide = new RelaySide(seal, lists, outbox, modules);
        listener.complete(relaySide);
        return new RmbPeer(connected, relaySide, lists, LocalSide.start(lists, outbox, modules));
    }

    /** Whether any relay is connected. */
    public boolean isConnected() {
        return relays.isConnected();
    }

    /** Takes nothing more, finishes what was taken, for a bounded time, and leaves the relays. */
    @Override
    public void close() {
        localSide.close();
        lists.stop();
        relays.close();
        relaySide.close();
    }
}
