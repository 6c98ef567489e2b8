package dev.rmb.peer;

import dev.rmb.client.EnvelopeReceiver;
import dev.rmb.client.ReceivedEnvelope;
import dev.rmb.client.RelayConnectException;
import dev.rmb.client.RmbSession;
import dev.rmb.client.SessionListener;
import dev.rmb.peer.redis.MessageStore;
import dev.rmb.peer.route.LocalLists;
import dev.rmb.peer.route.LocalSide;
import dev.rmb.peer.route.Module;
import dev.rmb.peer.route.Outbox;
import dev.rmb.peer.route.RelaySide;
import dev.rmb.peer.route.VersionModule;
import dev.rmb.peer.upload.UploadModule;
import dev.rmb.peer.upload.UploadSettings;
import dev.rmb.proto.Envelope;
import dev.rmb.protocol.identity.EncryptionKey;
import dev.rmb.protocol.identity.Signer;
import dev.rmb.twins.TwinDirectory;
import java.io.IOException;
import java.net.URI;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A peer at work: between the lists of one Redis and the relays. */
public final class RmbPeer implements AutoCloseable {
    /** As many as a twin's record can name for the reference's peer. */
    public static final int MAX_RELAYS = 4;

    private static final Logger log = LoggerFactory.getLogger(RmbPeer.class);

    private final RmbSession session;
    private final RelaySide relaySide;
    private final LocalLists lists;
    private final LocalSide localSide;
    private final @Nullable UploadModule uploads;

    private RmbPeer(
            RmbSession session,
            RelaySide relaySide,
            LocalLists lists,
            LocalSide localSide,
            @Nullable UploadModule uploads) {
        this.session = session;
        this.relaySide = relaySide;
        this.lists = lists;
        this.localSide = localSide;
        this.uploads = uploads;
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
     * What a peer does.
     *
     * @param relays 1 to 4, the preferred one first
     * @param uploads what it does with files; {@code null} for nothing
     * @param version of this program, for those who ask
     */
    public record Settings(List<URI> relays, @Nullable UploadSettings uploads, String version) {
        public Settings {
            relays = List.copyOf(relays);
            if (relays.isEmpty() || relays.size() > MAX_RELAYS) {
                throw new IllegalArgumentException("1 to " + MAX_RELAYS + " relays");
            }
        }
    }

    /**
     * Begins to connect and to take messages. Everything given stays the caller's to close, after
     * this.
     *
     * @throws IOException if the directory for uploads cannot be used
     */
    public static RmbPeer start(
            Identity self, Settings settings, TwinDirectory twins, MessageStore store)
            throws IOException {
        InstantSource clock = InstantSource.system();
        var lists = new LocalLists(store, clock);
        var receiver = new Late();
        RmbSession session =
                RmbSession.builder()
                        .relays(settings.relays())
                        .twin(self.twin())
                        .signer(self.signer())
                        .encryptionKey(self.encryption())
                        .directory(twins)
                        .listener(new Told())
                        .receiver(receiver)
                        .start();
        try {
            var outbox = new Outbox(session, lists, clock);
            Map<String, Module> modules = new HashMap<>();
            var versions = new VersionModule(outbox, settings.version(), clock);
            modules.put(versions.name(), versions);
            UploadModule uploads = null;
            if (settings.uploads() != null) {
                uploads = UploadModule.start(settings.uploads(), outbox, lists);
                modules.put(uploads.name(), uploads);
            }
            var relaySide = new RelaySide(lists, outbox, modules);
            receiver.is(relaySide);
            return new RmbPeer(
                    session, relaySide, lists, LocalSide.start(lists, outbox, modules), uploads);
        } catch (IOException | RuntimeException e) {
            session.close();
            throw e;
        }
    }

    /** Stands for a receiver that needs the session to be made; what comes earlier waits. */
    private static final class Late implements EnvelopeReceiver {
        private final CompletableFuture<EnvelopeReceiver> receiver = new CompletableFuture<>();

        void is(EnvelopeReceiver made) {
            receiver.complete(made);
        }

        @Override
        public void received(ReceivedEnvelope message) {
            receiver.join().received(message);
        }

        @Override
        public void refused(Envelope message, int code, String reason) {
            receiver.join().refused(message, code, reason);
        }
    }

    /** Tells in the log of each relay that is away, once; of connections the session does. */
    private static final class Told implements SessionListener {
        private final Set<URI> away = new HashSet<>();

        @Override
        public void connected(URI relay) {
            away.remove(relay);
        }

        @Override
        public void notConnected(URI relay, RelayConnectException reason) {
            if (away.add(relay)) {
                log.warn("No connection to {}: {}; trying on", relay, reason.getMessage());
            }
        }
    }

    /** The relays that are connected right now, the one that is sent over first. */
    public List<URI> connectedRelays() {
        return session.connectedRelays();
    }

    /** Takes nothing more, finishes what was taken, for a bounded time, and leaves the relays. */
    @Override
    public void close() {
        if (uploads != null) {
            uploads.close();
        }
        lists.stop();
        localSide.close();
        session.close();
        relaySide.close();
    }
}
