package dev.rmb.peer.upload;

import java.nio.file.Path;
import java.time.Duration;

/**
 * What is taken of files.
 *
 * @param directory where all of them are; whatever is sent is in there, too
 * @param maxBytes of one file
 * @param maxOpen files that arrive at the same time
 * @param silence after how long without a chunk a file no longer arrives; it can be resumed
 * @param leftovers how long parts of files are kept
 */
public record UploadSettings(
        Path directory, long maxBytes, int maxOpen, Duration silence, Duration leftovers) {
    private static final long DEFAULT_MAX_BYTES = 1L << 30;
    private static final int DEFAULT_MAX_OPEN = 16;

    /** The defaults. */
    public static UploadSettings in(Path directory) {
        return new UploadSettings(
                directory,
                DEFAULT_MAX_BYTES,
                DEFAULT_MAX_OPEN,
                Duration.ofMinutes(2),
                Duration.ofDays(1));
    }
}
