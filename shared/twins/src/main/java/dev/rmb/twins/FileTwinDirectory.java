package dev.rmb.twins;

import dev.rmb.protocol.identity.AccountId;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Twins from a file of JSON lines, {@code {"id":7,"account":"0x…","relay":"…","pk":"0x…"}}, the
 * last two optional. A changed file is read anew within a second, as soon as it stands still; one
 * that is broken or gone then leaves what was read before.
 */
public final class FileTwinDirectory implements TwinDirectory, TwinListing {
    private static final Logger log = LoggerFactory.getLogger(FileTwinDirectory.class);
    private static final long LOOK_EVERY_MS = 250;

    /** Two changes within one tick of the file system's clock look like one. */
    private static final Duration CLOCK_TICK = Duration.ofSeconds(2);

    private final Path file;
    private final ScheduledExecutorService looking =
            Executors.newSingleThreadScheduledExecutor(task -> {
                var thread = new Thread(task, "twins-file");
                thread.setDaemon(true);
                return thread;
            });
    private final TwinWatchers watchers = new TwinWatchers();
    private volatile TwinTable twins;

    // Of the looking thread, after the constructor.
    private Version seen;

    /** What the file was at the look before. */
    private @Nullable Version found;

    private @Nullable String complaint;

    private FileTwinDirectory(Path file, Version seen, TwinTable twins) {
        this.file = file;
        this.seen = seen;
        this.twins = twins;
    }

    /**
     * Which state of the file was read.
     *
     * @param settled whether a later change is sure to show in the others
     */
    private record Version(FileTime changed, long size, @Nullable Object key, boolean settled) {
        boolean looksLike(@Nullable Version other) {
            return other != null
                    && changed.equals(other.changed)
                    && size == other.size
                    && Objects.equals(key, other.key);
        }

        static Version of(Path file) throws IOException {
            Instant now = Instant.now();
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new Version(
                    attributes.lastModifiedTime(),
                    attributes.size(),
                    attributes.fileKey(),
                    attributes.lastModifiedTime().toInstant().isBefore(now.minus(CLOCK_TICK)));
        }
    }

    /**
     * Reads the file and begins to watch it.
     *
     * @throws DirectoryException if the file cannot be read; names the line that is wrong
     */
    public static FileTwinDirectory open(Path file) {
        try {
            Version version = Version.of(file);
            var directory = new FileTwinDirectory(file, version, read(file));
            directory.watch();
            return directory;
        } catch (IOException | IllegalArgumentException e) {
            throw DirectoryException.lasting(complaint(file, e), e);
        }
    }

    private void watch() {
        var unused =
                looking.scheduleWithFixedDelay(
                        this::look, LOOK_EVERY_MS, LOOK_EVERY_MS, TimeUnit.MILLISECONDS);
    }

    private void look() {
        try {
            Version now = Version.of(file);
            // Whoever writes it line by line is let finish: half of its twins are not all.
            boolean standsStill = now.looksLike(found);
            found = now;
            boolean changed = !now.looksLike(seen);
            if (standsStill && (changed || !seen.settled())) {
                TwinTable read = read(file);
                if (!Version.of(file).looksLike(now)) {
                    return;
                }
                // Two changes within one tick of the clock: the second shows in the twins alone.
                boolean changedUnseen = !changed && !read.holdsTheSameAs(twins);
                twins = read;
                seen = now;
                complaint = null;
                if (changed || changedUnseen) {
                    log.debug("Read {} twins from {}", read.size(), file);
                    watchers.allChanged();
                }
            }
        } catch (IOException | RuntimeException e) {
            String now = complaint(file, e);
            if (!now.equals(complaint)) {
                log.warn("The twins of before stay in use: {}", now);
                complaint = now;
            }
        }
    }

    private static TwinTable read(Path file) throws IOException {
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            return TwinLines.read(lines);
        }
    }

    private static String complaint(Path file, Exception e) {
        if (e instanceof NoSuchFileException) {
            return "there is no file " + file;
        }
        if (e instanceof CharacterCodingException) {
            return file + " is not UTF-8 text";
        }
        return e instanceof IOException
                ? file + " cannot be read: " + e
                : file + ", " + e.getMessage();
    }

    @Override
    public CompletionStage<Optional<Twin>> byId(long id) {
        return CompletableFuture.completedStage(twins.byId(id));
    }

    @Override
    public CompletionStage<Optional<Twin>> byAccount(AccountId account) {
        return CompletableFuture.completedStage(twins.byAccount(account));
    }

    @Override
    public TwinPage list(long cursor, int limit) {
        return twins.list(cursor, limit);
    }

    @Override
    public Watch watch(TwinWatcher watcher) {
        return watchers.add(watcher);
    }

    /** Stops watching; what was read stays. */
    @Override
    public void close() {
        looking.shutdownNow();
    }
}
