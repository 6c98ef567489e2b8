package dev.rmb.peer.upload;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** A file that is arriving. Used by one thread at a time; closed by whoever finds it stale. */
final class Arrival implements AutoCloseable {
    private final Offer offer;
    private final Path part;
    private final FileChannel channel;
    private volatile long heardAt;
    private long offset;

    /**
     * What the other twin wants to send.
     *
     * @param name the file's, checked
     * @param size bytes
     * @param sha256 of the whole, in hex; {@code null} if it did not say
     * @param command whom to tell when it is there; {@code null} for nobody
     */
    record Offer(String name, long size, @Nullable String sha256, @Nullable String command) {}

    private Arrival(Offer offer, Path part, FileChannel channel, long offset, long now) {
        this.offer = offer;
        this.part = part;
        this.channel = channel;
        this.offset = offset;
        this.heardAt = now;
    }

    /**
     * Goes on with what is there of it.
     *
     * @param now of {@link System#nanoTime}
     */
    static Arrival open(Offer offer, Path part, long now) throws IOException {
        FileChannel channel =
                FileChannel.open(
                        part,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        LinkOption.NOFOLLOW_LINKS);
        long there = channel.size();
        // Without a digest nobody knows what those bytes belong to.
        if (there > offer.size() || offer.sha256() == null) {
            channel.truncate(0);
            there = 0;
        }
        channel.position(there);
        return new Arrival(offer, part, channel, there, now);
    }

    Offer offer() {
        return offer;
    }

    Path part() {
        return part;
    }

    long offset() {
        return offset;
    }

    long heardAt() {
        return heardAt;
    }

    /**
     * Adds a chunk; what is there already is passed over.
     *
     * @param at where it belongs; {@code null} for the end
     * @return what is there then
     */
    long write(@Nullable Long at, ByteBuffer chunk, long now) throws UploadException, IOException {
        heardAt = now;
        long from = at == null ? offset : at;
        if (from > offset) {
            throw new UploadException("bytes " + offset + " to " + from + " are missing");
        }
        long known = offset - from;
        if (known >= chunk.remaining()) {
            return offset;
        }
        chunk.position(chunk.position() + (int) known);
        if (offset + chunk.remaining() > offer.size()) {
            throw new UploadException("more than the announced " + offer.size() + " bytes");
        }
        while (chunk.hasRemaining()) {
            offset += channel.write(chunk);
        }
        return offset;
    }

    /** Checks that it is whole. */
    void finish() throws UploadException, IOException {
        channel.force(true);
        channel.close();
        if (offset != offer.size()) {
            throw new UploadException("only " + offset + " of " + offer.size() + " bytes came");
        }
        if (offer.sha256() != null && !sha256(part).equals(offer.sha256())) {
            Files.delete(part);
            throw new UploadException("it arrived damaged");
        }
    }

    static String sha256(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            var digest = MessageDigest.getInstance("SHA-256");
            new DigestInputStream(in, digest).transferTo(java.io.OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
