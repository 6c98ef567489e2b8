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
import java.time.Duration;
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

    /** For stopping, of everything together: who stops a service waits no longer. */
    private static final Duration STOP = Duration.ofSeconds(20);

    /** Of this, for what programs have pushed. */
    private static final Duration STOP_LOCAL = Duration.ofSeconds(6);

    /** Of this, for what was received, however long the rest took. */
    private static final Duration LEAST = Duration.ofSeconds(2);

    private final RmbSession session;
    private final Outbox outbox;
    private final RelaySide relaySide;
    private final LocalLists lists;
    private final LocalSide localSide;
    private final @Nullable UploadModule uploads;

    private RmbPeer(
            RmbSession session,
            Outbox outbox,
            RelaySide relaySide,
            LocalLists lists,
            LocalSide localSide,
            @Nullable UploadModule uploads) {
        this.session = session;
        this.outbox = outbox;
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
                    session,
                    outbox,
                    relaySide,
                    lists,
                    LocalSide.start(lists, outbox, modules),
                    uploads);
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
        long deadline = System.nanoTime() + STOP.toNanos();
        lists.stop();
        outbox.close();
        localSide.stop(STOP_LOCAL);
        // At most some twelve seconds, two of them for what is queued.
        session.close();
        // What the session gave up on has just been told to be told.
        Duration left = Duration.ofNanos(deadline - System.nanoTime());
        Duration last = left.compareTo(LEAST) < 0 ? LEAST : left;
        relaySide.stop(last.dividedBy(2));
        try {
            if (!outbox.awaitTold(last.dividedBy(2))) {
                log.warn("Programs could not be told of all that was given up");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
