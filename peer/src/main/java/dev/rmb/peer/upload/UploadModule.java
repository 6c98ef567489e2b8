package dev.rmb.peer.upload;

import com.google.protobuf.ByteString;
import dev.rmb.peer.message.OutgoingRequest;
import dev.rmb.peer.message.PeerError;
import dev.rmb.peer.route.LocalLists;
import dev.rmb.peer.route.Module;
import dev.rmb.peer.route.Outbox;
import dev.rmb.proto.Backlog;
import dev.rmb.proto.Envelope;
import dev.rmb.proto.Response;
import java.io.IOException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files from one node to another: {@code file.upload} of local programs, {@code file.negotiate},
 * {@code file.write} and {@code file.close} between peers. See docs/rmb-peer.md, "Files".
 */
public final class UploadModule implements Module, AutoCloseable {
    static final String NAME = "file";

    private static final Logger log = LoggerFactory.getLogger(UploadModule.class);
    private static final long EXPIRATION = 300;
    private static final long SWEEPS_PER_SILENCE = 4;

    private final Outbox outbox;
    private final LocalLists lists;
    private final Arrivals arrivals;
    private final Departures departures;
    private final ScheduledExecutorService sweeper =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("uploads").daemon().factory());

    private UploadModule(UploadSettings settings, Outbox outbox, LocalLists lists)
            throws IOException {
        this.outbox = outbox;
        this.lists = lists;
        var directory = new UploadDirectory(settings.directory());
        this.arrivals = new Arrivals(settings, directory, lists);
        this.departures = new Departures(directory, lists, outbox);
        long pause = Math.max(10, settings.silence().toMillis() / SWEEPS_PER_SILENCE);
        var _ = sweeper.scheduleWithFixedDelay(this::sweep, 0, pause, TimeUnit.MILLISECONDS);
    }

    /**
     * Begins to take files.
     *
     * @throws IOException if the directory cannot be used
     */
    public static UploadModule start(UploadSettings settings, Outbox outbox, LocalLists lists)
            throws IOException {
        return new UploadModule(settings, outbox, lists);
    }

    private void sweep() {
        try {
            arrivals.sweep();
        } catch (IOException | RuntimeException e) {
            log.warn("Stale uploads cannot be removed", e);
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean local(OutgoingRequest request) throws InterruptedException {
        try {
            if (!request.command().equals("file.upload")) {
                throw new UploadException("unknown command: " + request.command());
            }
            departures.start(request);
        } catch (UploadException e) {
            refuse(request, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            log.warn("A file cannot be sent", e);
            refuse(request, "the file cannot be read");
        }
        return true;
    }

    private void refuse(OutgoingRequest request, String why) throws InterruptedException {
        lists.error(request.backlog("", 1, NAME), new PeerError(0, why));
    }

    @Override
    public void request(Envelope request) throws InterruptedException {
        try {
            byte[] answer = arrivals.answer(request);
            outbox.answer(
                    Envelope.newBuilder()
                            .setUid(request.getUid())
                            .setTimestamp(System.currentTimeMillis() / 1000)
                            .setExpiration(EXPIRATION)
                            .setDestination(request.getSource())
                            .setSchema("application/json")
                            .setResponse(Response.getDefaultInstance())
                            .setPlain(ByteString.copyFrom(answer))
                            .build());
        } catch (UploadException e) {
            outbox.refuse(request, new PeerError(0, String.valueOf(e.getMessage())), EXPIRATION);
        } catch (IOException e) {
            log.warn("A file of another twin cannot be written", e);
            outbox.refuse(request, new PeerError(0, "it cannot be written"), EXPIRATION);
        }
    }

    @Override
    public void response(Backlog backlog, Envelope answer) {
        departures.answered(answer);
    }

    @Override
    public void close() {
        sweeper.shutdownNow();
        departures.close();
        try {
            arrivals.close();
        } catch (IOException e) {
            log.warn("A part of a file cannot be closed", e);
        }
    }
}
