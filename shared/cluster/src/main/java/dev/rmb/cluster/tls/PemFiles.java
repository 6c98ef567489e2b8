package dev.rmb.cluster.tls;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * PEM files that belong together, used whenever they have changed and can be: what was used before
 * stays in use until then. Owns a thread, on which they are looked at.
 */
final class PemFiles implements AutoCloseable {
    /** How often files are looked at unless somebody says otherwise. */
    static final Duration LOOK = Duration.ofSeconds(10);

    private static final Logger log = LoggerFactory.getLogger(PemFiles.class);
    private static final Duration WARN_BEFORE = Duration.ofDays(7);
    private static final Duration WARN_EVERY = Duration.ofDays(1);

    /** Puts files to use; called by {@link #follow} and from then on by the thread alone. */
    @FunctionalInterface
    interface Use {
        /**
         * @param files in the order of their paths
         * @return when their certificate expires
         * @throws TlsException if they cannot be used; nothing has changed then
         */
        Instant use(List<PemFile> files);
    }

    private final List<Path> paths;
    private final Clock clock;
    private final Use use;
    private final TlsChanges changes;
    private final ScheduledExecutorService thread;

    // Belong to the thread, once it runs.
    private List<PemFile> current;
    private @Nullable List<PemFile> refused;
    private @Nullable String unreadable;
    private Instant expires;
    private Instant warned = Instant.EPOCH;

    private PemFiles(
            List<Path> paths,
            String threadName,
            Duration look,
            Clock clock,
            TlsChanges changes,
            Use use) {
        this.paths = paths;
        this.clock = clock;
        this.use = use;
        this.changes = changes;
        this.current = read(paths);
        this.expires = use.use(current);
        changes.inUse(expires);
        this.thread =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().name(threadName).daemon().factory());
        var _ =
                thread.scheduleWithFixedDelay(
                        this::look, look.toMillis(), look.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * Uses the files, and follows them.
     *
     * @param paths the certificate's first
     * @param look how often they are looked at
     * @throws TlsException if they cannot be used
     */
    static PemFiles follow(
            List<Path> paths,
            String threadName,
            Duration look,
            Clock clock,
            TlsChanges changes,
            Use use) {
        return new PemFiles(List.copyOf(paths), threadName, look, clock, changes, use);
    }

    static List<PemFile> read(List<Path> paths) {
        return paths.stream().map(PemFile::read).toList();
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    private void look() {
        try {
            follow();
            warnOfExpiry();
        } catch (RuntimeException e) {
            log.error("The TLS files could not be looked after", e);
        }
    }

    private void follow() {
        List<PemFile> found;
        try {
            found = read(paths);
            unreadable = null;
        } catch (TlsException e) {
            // Files that are being replaced may be away for a moment.
            if (!String.valueOf(e.getMessage()).equals(unreadable)) {
                unreadable = e.getMessage();
                log.warn("TLS files cannot be read, those read before stay in use: {}", unreadable);
                changes.refused();
            }
            return;
        }
        if (same(found, current)) {
            // Also where something else was tried in between, and taken back.
            refused = null;
            return;
        }
        // Those that were refused are tried again: a certificate may only be valid soon.
        try {
            expires = use.use(found);
            current = found;
            refused = null;
            log.info("TLS files have changed and are in use; the certificate expires {}", expires);
            changes.inUse(expires);
        } catch (TlsException e) {
            if (!same(found, refused)) {
                refused = found;
                log.warn(
                        "TLS files have changed but cannot be used, those before stay in use: {}",
                        e.getMessage());
                changes.refused();
            }
        }
    }

    private static boolean same(List<PemFile> some, @Nullable List<PemFile> others) {
        if (others == null) {
            return false;
        }
        for (int i = 0; i < some.size(); i++) {
            if (!some.get(i).hasContentOf(others.get(i))) {
                return false;
            }
        }
        return true;
    }

    private void warnOfExpiry() {
        Instant now = clock.instant();
        if (now.isAfter(expires.minus(WARN_BEFORE)) && now.isAfter(warned.plus(WARN_EVERY))) {
            warned = now;
            log.warn("The certificate in {} expires {}", paths.getFirst(), expires);
        }
    }
}
