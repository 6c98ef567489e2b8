package dev.rmb.peer.upload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import dev.rmb.peer.message.OutgoingRequest;
import dev.rmb.peer.message.PeerError;
import dev.rmb.peer.redis.StoreException;
import dev.rmb.peer.route.LocalLists;
import dev.rmb.peer.route.Outbox;
import dev.rmb.proto.Address;
import dev.rmb.proto.Backlog;
import dev.rmb.proto.Envelope;
import dev.rmb.proto.Request;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The files that local programs have asked to send; each has a virtual thread. */
final class Departures implements AutoCloseable {
    static final int CHUNK = 512 * 1024;

    private static final Logger log = LoggerFactory.getLogger(Departures.class);
    private static final int MAX_OPEN = 16;
    private static final int MAX_WINDOW = 64;
    private static final int MAX_ANSWERS = 2 * MAX_WINDOW;
    private static final long EXPIRATION = 300;

    /** For an answer; beyond it the other side has given up, too. */
    private static final Duration ANSWER = Duration.ofSeconds(60);

    /** The other side reads all of it once more. */
    private static final Duration LAST_ANSWER = Duration.ofMinutes(5);

    private final UploadDirectory directory;
    private final LocalLists lists;
    private final Outbox outbox;
    private final ObjectMapper json = new ObjectMapper();
    private final Map<String, Departure> open = new ConcurrentHashMap<>();

    private final class Departure {
        private final String id = UUID.randomUUID().toString();
        private final Backlog backlog;
        private final long twin;
        private final Path file;
        private final @Nullable String command;
        private final BlockingQueue<Envelope> answers = new ArrayBlockingQueue<>(MAX_ANSWERS);
        private final Thread thread =
                Thread.ofVirtual().name("send-file-" + id).unstarted(this::run);
        private long rememberedAt;

        Departure(OutgoingRequest request, Path file, @Nullable String command) {
            this.backlog = request.backlog(id, OutgoingRequest.MAX_TTL, UploadModule.NAME);
            this.twin = request.destinations().getFirst();
            this.file = file;
            this.command = command;
        }

        private void run() {
            try {
                long size = send();
                ObjectNode done =
                        json.createObjectNode()
                                .put("id", id)
                                .put("state", "complete")
                                .put("bytes", size);
                lists.answer(backlog, json.writeValueAsBytes(done));
            } catch (InterruptedException e) {
                log.debug("No longer sends {}", file);
            } catch (UploadException e) {
                failed(String.valueOf(e.getMessage()));
            } catch (IOException e) {
                log.warn("{} cannot be sent", file, e);
                failed("the file cannot be read");
            } catch (StoreException e) {
                failed(String.valueOf(e.getMessage()));
            } finally {
                open.remove(id);
            }
        }

        private void failed(String why) {
            log.info("{} was not sent to twin {}: {}", file, twin, why);
            try {
                lists.error(backlog, new PeerError(0, why));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private long send() throws InterruptedException, UploadException, IOException {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                long size = channel.size();
                remember();
                ObjectNode offer =
                        json.createObjectNode()
                                .put("size", size)
                                .put("cmd", command)
                                .put("name", String.valueOf(file.getFileName()))
                                .put("sha256", Arrival.sha256(file));
                post("file.negotiate", null, ByteString.copyFrom(json.writeValueAsBytes(offer)));
                JsonNode terms = next(ANSWER);
                lists.answer(backlog, json.writeValueAsBytes(id));
                long offset = Math.clamp(terms.path("offset").asLong(0), 0, size);
                int window = Math.clamp(terms.path("window").asInt(0), 0, MAX_WINDOW);
                chunks(channel, offset, size, window);
                post("file.close", null, ByteString.EMPTY);
                if (window > 0) {
                    var _ = next(LAST_ANSWER);
                }
                return size;
            }
        }

        /** Without a window the other side says nothing unless something is wrong. */
        private void chunks(FileChannel channel, long from, long size, int window)
                throws InterruptedException, UploadException, IOException {
            long sent = from;
            long arrived = from;
            while (arrived < size) {
                while (sent < size && (window == 0 || sent - arrived < (long) window * CHUNK)) {
                    ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(CHUNK, size - sent));
                    while (chunk.hasRemaining()) {
                        if (channel.read(chunk, sent + chunk.position()) < 0) {
                            throw new UploadException("the file became shorter");
                        }
                    }
                    post("file.write", "offset=" + sent, ByteString.copyFrom(chunk.flip()));
                    sent += chunk.limit();
                    remember();
                    if (window == 0) {
                        arrived = sent;
                        complain(answers.poll());
                    }
                }
                if (window > 0) {
                    arrived = Math.max(arrived, next(ANSWER).path("offset").asLong(arrived));
                }
            }
        }

        /** Long uploads outlive what is kept of them. */
        private void remember() throws InterruptedException {
            long now = System.nanoTime();
            if (rememberedAt == 0 || now - rememberedAt > TimeUnit.MINUTES.toNanos(5)) {
                lists.remember(backlog);
                rememberedAt = now;
            }
        }

        private void post(String name, @Nullable String tags, ByteString payload)
                throws InterruptedException, UploadException {
            Envelope.Builder envelope =
                    Envelope.newBuilder()
                            .setUid(id)
                            .setTimestamp(System.currentTimeMillis() / 1000)
                            .setExpiration(EXPIRATION)
                            .setDestination(Address.newBuilder().setTwin((int) twin))
                            .setRequest(Request.newBuilder().setCommand(name))
                            .setPlain(payload);
            if (tags != null) {
                envelope.setTags(tags);
            }
            try {
                Outbox.Sent sent = outbox.send(envelope.build()).toCompletableFuture().get();
                if (sent instanceof Outbox.Sent.Failed(PeerError error, _)) {
                    throw new UploadException(error.text());
                }
            } catch (ExecutionException e) {
                throw new IllegalStateException(e.getCause());
            }
        }

        private JsonNode next(Duration time)
                throws InterruptedException, UploadException, IOException {
            Envelope answer = answers.poll(time.toMillis(), TimeUnit.MILLISECONDS);
            if (answer == null) {
                throw new UploadException(
                        "twin "
                                + twin
                                + " does not answer; the same upload again goes on from"
                                + " here");
            }
            complain(answer);
            return answer.getPlain().isEmpty()
                    ? json.createObjectNode()
                    : json.readTree(answer.getPlain().toByteArray());
        }

        private static void complain(@Nullable Envelope answer) throws UploadException {
            if (answer != null && answer.hasError()) {
                throw new UploadException(answer.getError().getMessage());
            }
        }
    }

    Departures(UploadDirectory directory, LocalLists lists, Outbox outbox) {
        this.directory = directory;
        this.lists = lists;
        this.outbox = outbox;
    }

    /** Begins to send what a program asked for. */
    void start(OutgoingRequest request) throws UploadException, IOException {
        if (!"application/json".equals(request.schema())) {
            throw new UploadException("expected content schema to be application/json");
        }
        if (request.destinations().size() != 1) {
            throw new UploadException("can only upload to one destination");
        }
        if (open.size() >= MAX_OPEN) {
            throw new UploadException("too many files are being sent, try again later");
        }
        JsonNode asked = parsed(request.payload());
        String path = asked.path("path").textValue();
        if (path == null) {
            throw new UploadException("'path' is missing");
        }
        Path file = directory.source(path);
        if (Files.size(file) == 0) {
            log.debug("{} is empty", file);
        }
        var departure = new Departure(request, file, asked.path("cmd").textValue());
        open.put(departure.id, departure);
        departure.thread.start();
    }

    private JsonNode parsed(ByteString payload) throws UploadException {
        try {
            return json.readTree(payload.toByteArray());
        } catch (IOException e) {
            throw new UploadException("invalid json request");
        }
    }

    /** An answer of the other side, or of a relay. */
    void answered(Envelope answer) {
        Departure departure = open.get(answer.getUid());
        if (departure == null || !departure.answers.offer(answer)) {
            log.debug("Nobody waits for an answer to {}", answer.getUid());
        }
    }

    @Override
    public void close() {
        open.values().forEach(departure -> departure.thread.interrupt());
    }
}
