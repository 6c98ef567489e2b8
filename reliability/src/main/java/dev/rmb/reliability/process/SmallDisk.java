package dev.rmb.reliability.process;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** A disk of few mebibytes, in memory. Only root can make one. */
public final class SmallDisk implements AutoCloseable {
    private static final int PIECE = 4096;
    private static final int COMMAND_SECONDS = 10;

    private final Path directory;

    private SmallDisk(Path directory) {
        this.directory = directory;
    }

    /**
     * Mounts one.
     *
     * @param directory made when missing
     * @throws ProcessException if that is not allowed
     */
    public static SmallDisk mount(Path directory, int mebibytes) throws InterruptedException {
        try {
            Files.createDirectories(directory);
            run(
                    "mount",
                    "-t",
                    "tmpfs",
                    "-o",
                    "size=" + mebibytes + "m",
                    "tmpfs",
                    directory.toString());
            return new SmallDisk(directory);
        } catch (IOException e) {
            throw new ProcessException("no small disk: " + e.getMessage(), e);
        }
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        if (!process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new ProcessException(
                    "not allowed, it needs root: " + String.join(" ", Arrays.asList(command)));
        }
    }

    /** A file that takes all the room there was, until it is closed. */
    public static final class Filler implements AutoCloseable {
        private final Path file;
        private final long bytes;

        private Filler(Path file, long bytes) {
            this.file = file;
            this.bytes = bytes;
        }

        /** How much it took. */
        public long bytes() {
            return bytes;
        }

        @Override
        public void close() {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                throw new ProcessException("cannot delete " + file, e);
            }
        }
    }

    /** Fills it up. */
    public Filler fill() {
        Path file = directory.resolve("filler");
        long bytes = 0;
        try (OutputStream out = Files.newOutputStream(file)) {
            byte[] piece = new byte[PIECE];
            while (true) {
                out.write(piece);
                bytes += PIECE;
            }
        } catch (IOException e) {
            // Full.
            return new Filler(file, bytes);
        }
    }

    @Override
    public void close() {
        try {
            run("umount", "-l", directory.toString());
        } catch (IOException e) {
            throw new ProcessException("cannot unmount " + directory, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
