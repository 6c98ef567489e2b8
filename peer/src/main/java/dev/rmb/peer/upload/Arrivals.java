package dev.rmb.peer.upload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import dev.rmb.peer.redis.StoreException;
import dev.rmb.peer.route.LocalLists;
import dev.rmb.proto.Envelope;
import dev.rmb.proto.Request;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The files that other twins are sending. Requests of one twin come one after the other. */
final class Arrivals implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Arrivals.class);
    private static final Pattern OFFSET = Pattern.compile("(?:^|[\\s,])offset=([0-9]{1,18})\\b");
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern UID = Pattern.compile("[0-9A-Za-z-]{1,64}");

    /** A twin's share of what may arrive at the same time. */
    private static final int MAX_OF_ONE = 4;

    /** A twin's share of what was begun and not finished, in files. */
    private static final int MAX_PARTS_OF_ONE = 16;

    /** The same in bytes, as so many of the largest files. */
    private static final long MAX_PART_FILES = 4;

    /** How many chunks a sender may have under way: enough for a link, little for a mailbox. */
    private static final int WINDOW = 8;

    private final UploadSettings settings;
    private final UploadDirectory directory;
    private final LocalLists lists;
    private final ObjectMapper json = new ObjectMapper();
    private final Map<Key, Arrival> open = new ConcurrentHashMap<>();

    private record Key(long twin, String uid) {}

    Arrivals(UploadSettings settings, UploadDirectory directory, LocalLists lists) {
        this.settings = settings;
        this.directory = directory;
        this.lists = lists;
    }

    /** What is answered to a request about a file. */
    byte[] answer(Envelope request) throws UploadException, IOException, InterruptedException {
        Key key = new Key(Integer.toUnsignedLong(request.getSource().getTwin()), request.getUid());
        return switch (request.getRequest().getCommand()) {
            case "file.negotiate" -> negotiate(key, request);
            case "file.write" -> write(key, request);
            case "file.close" -> finish(key, request);
            default -> throw new UploadException("unknown command");
        };
    }

    private byte[] negotiate(Key key, Envelope request) throws UploadException, IOException {
        Arrival.Offer offer = offer(request);
        if (offer.size() > settings.maxBytes()) {
            throw new UploadException(
                    "files of more than " + settings.maxBytes() + " bytes are not taken");
        }
        if (directory.has(key.twin(), offer.name())) {
            throw new UploadException("there is a file of this name already");
        }
        String part = offer.sha256() == null ? key.uid() : offer.sha256();
        Path path = directory.part(key.twin(), part);
        giveUpOthersOf(path);
        long ofThisTwin =
                open.keySet().stream().filter(other -> other.twin() == key.twin()).count();
        if (open.size() >= settings.maxOpen() || ofThisTwin >= MAX_OF_ONE) {
            throw new UploadException("too many files are arriving, try again later");
        }
        refuseTooManyParts(key.twin(), path, offer);
        if (directory.root().toFile().getUsableSpace() < offer.size()) {
            throw new UploadException("there is no room for it");
        }
        Arrival arrival = Arrival.open(offer, path, System.nanoTime());
        Arrival before = open.put(key, arrival);
        if (before != null) {
            // Another file under the same id: nothing more comes of the one before.
            before.close();
        }
        ObjectNode answer =
                json.createObjectNode().put("offset", arrival.offset()).put("window", WINDOW);
        return json.writeValueAsBytes(answer);
    }

    /** What a twin began and did not finish stays for a while, so it must not add up. */
    private void refuseTooManyParts(long twin, Path own, Arrival.Offer offer)
            throws UploadException, IOException {
        Map<Path, Long> parts = directory.parts(twin);
        for (Map.Entry<Key, Arrival> one : open.entrySet()) {
            if (one.getKey().twin() == twin) {
                parts.merge(one.getValue().part(), one.getValue().offer().size(), Math::max);
            }
        }
        parts.remove(own);
        long bytes = parts.values().stream().mapToLong(Long::longValue).sum();
        if (parts.size() >= MAX_PARTS_OF_ONE
                || bytes + offer.size() > MAX_PART_FILES * settings.maxBytes()) {
            throw new UploadException(
                    "too many files were begun and not finished; finish one, or try again when"
                            + " they are forgotten");
        }
    }

    /** Whoever sends a file anew has left off sending it before. */
    private void giveUpOthersOf(Path part) throws IOException {
        for (Map.Entry<Key, Arrival> other : new ArrayList<>(open.entrySet())) {
            if (other.getValue().part().equals(part)) {
                open.remove(other.getKey());
                other.getValue().close();
            }
        }
    }

    private Arrival.Offer offer(Envelope request) throws UploadException {
        try {
            JsonNode offered = json.readTree(request.getPlain().toByteArray());
            JsonNode size = offered.path("size");
            String uid = request.getUid();
            String sha256 = offered.path("sha256").textValue();
            String command = offered.path("cmd").textValue();
            if (!size.canConvertToLong()
                    || !size.isIntegralNumber()
                    || size.longValue() < 0
                    || !UID.matcher(uid).matches()
                    || (sha256 != null && !SHA256.matcher(sha256).matches())) {
                throw new UploadException("the offer cannot be understood");
            }
            if (command != null
                    && (command.startsWith("file.") || !LocalLists.isServable(command))) {
                throw new UploadException("nobody can be told with such a command");
            }
            String name = offered.path("name").textValue();
            return new Arrival.Offer(
                    UploadDirectory.checkedName(name == null ? uid : name),
                    size.longValue(),
                    sha256,
                    command);
        } catch (IOException e) {
            throw new UploadException("the offer is no JSON");
        }
    }

    private Arrival known(Key key) throws UploadException {
        Arrival arrival = open.get(key);
        if (arrival == null) {
            throw new UploadException("such a file is not arriving, or was given up");
        }
        return arrival;
    }

    private byte[] write(Key key, Envelope request) throws UploadException, IOException {
        Arrival arrival = known(key);
        try {
            long offset =
                    arrival.write(
                            offset(request),
                            request.getPlain().asReadOnlyByteBuffer(),
                            System.nanoTime());
            return json.writeValueAsBytes(json.createObjectNode().put("offset", offset));
        } catch (UploadException | IOException e) {
            open.remove(key);
            arrival.close();
            throw e;
        }
    }

    private static @Nullable Long offset(Envelope request) {
        Matcher offset = OFFSET.matcher(request.getTags());
        return offset.find() ? Long.valueOf(offset.group(1)) : null;
    }

    private byte[] finish(Key key, Envelope request)
            throws UploadException, IOException, InterruptedException {
        try (Arrival arrival = known(key)) {
            open.remove(key);
            arrival.finish();
            Arrival.Offer offer = arrival.offer();
            Path file = directory.keep(arrival.part(), key.twin(), offer.name());
            log.info("{} bytes from twin {} are in {}", offer.size(), key.twin(), file);
            tell(offer, file, request);
            return json.writeValueAsBytes(json.createObjectNode().put("done", true));
        }
    }

    /** Whoever serves the command that was named is told where the file is. */
    private void tell(Arrival.Offer offer, Path file, Envelope request)
            throws IOException, InterruptedException {
        if (offer.command() == null) {
            return;
        }
        ObjectNode about =
                json.createObjectNode()
                        .put("id", request.getUid())
                        .put("path", file.toString())
                        .put("size", offer.size());
        try {
            lists.request(
                    request.toBuilder()
                            .setRequest(Request.newBuilder().setCommand(offer.command()))
                            .clearTags()
                            .setSchema("application/json")
                            .setPlain(ByteString.copyFrom(json.writeValueAsBytes(about)))
                            .build());
        } catch (StoreException e) {
            log.warn("Nobody could be told of {}: {}", file, e.getMessage());
        }
    }

    /** Gives up what no longer arrives. */
    void sweep() throws IOException {
        long now = System.nanoTime();
        for (Map.Entry<Key, Arrival> one : new ArrayList<>(open.entrySet())) {
            Duration silent = Duration.ofNanos(now - one.getValue().heardAt());
            if (silent.compareTo(settings.silence()) > 0 && open.remove(one.getKey()) != null) {
                log.info(
                        "Twin {} no longer sends {}",
                        one.getKey().twin(),
                        one.getValue().offer().name());
                one.getValue().close();
            }
        }
        directory.sweep(Instant.now().minus(settings.leftovers()));
    }

    @Override
    public void close() throws IOException {
        for (Arrival arrival : open.values()) {
            arrival.close();
        }
        open.clear();
    }
}
