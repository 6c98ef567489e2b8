package dev.rmb.broker;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.metadata.storage.Formatter;
import org.jspecify.annotations.Nullable;

/**
 * Where the broker keeps everything, held by one process at a time. The operating system lets go of
 * the lock when the process dies, however it dies.
 */
final class DataDirectory implements AutoCloseable {
    private static final String LOCK = "lock";
    private static final String LOGS = "logs";
    private static final String METADATA_LOG = "__cluster_metadata-0";

    private final Path logs;
    private final FileChannel lock;

    private DataDirectory(Path logs, FileChannel lock) {
        this.logs = logs;
        this.lock = lock;
    }

    static DataDirectory open(Path directory) {
        try {
            Path logs = Files.createDirectories(directory.toAbsolutePath().resolve(LOGS));
            return new DataDirectory(logs, lock(directory));
        } catch (IOException e) {
            throw new BrokerException(
                    "the data directory " + directory + " cannot be used: " + e.getMessage(), e);
        }
    }

    private static FileChannel lock(Path directory) throws IOException {
        FileChannel channel =
                FileChannel.open(
                        directory.resolve(LOCK),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
        try {
            if (tryLock(channel) == null) {
                throw new BrokerException(
                        "the data directory "
                                + directory
                                + " is in use by another broker: stop that one, or choose another"
                                + " directory");
            }
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // Held by this very process.
            return null;
        }
    }

    Path logs() {
        return logs;
    }

    /** Gives a new directory its cluster id; does nothing to one that has it. */
    void formatIfNew() {
        if (Files.exists(logs.resolve(MetaPropertiesEnsemble.META_PROPERTIES_NAME))) {
            return;
        }
        if (Files.exists(logs.resolve(METADATA_LOG))) {
            throw new BrokerException(
                    logs
                            + " holds a broker's data, but no "
                            + MetaPropertiesEnsemble.META_PROPERTIES_NAME
                            + ": put that file back, or choose another directory");
        }
        try (var silent =
                new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
            new Formatter()
                    .setPrintStream(silent)
                    .setNodeId(BrokerProperties.NODE_ID)
                    .setClusterId(Uuid.randomUuid().toString())
                    .setControllerListenerName(BrokerProperties.CONTROLLER_LISTENER)
                    .setMetadataLogDirectory(logs.toString())
                    .addDirectory(logs.toString())
                    .run();
        } catch (Exception e) {
            throw new BrokerException("cannot format the data directory " + logs, e);
        }
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw new BrokerException("cannot release the data directory " + logs, e);
        }
    }
}
