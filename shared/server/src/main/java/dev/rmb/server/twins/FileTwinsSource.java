package dev.rmb.server.twins;

import com.codahale.metrics.MetricRegistry;
import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.rmb.kafka.KafkaSettings;
import dev.rmb.twins.FileTwinDirectory;
import java.nio.file.Path;
import java.util.Optional;

/**
 * {@code type: file}: JSON lines, read anew when they change.
 *
 * @param path of the file, from the process's working directory on
 */
@JsonTypeName("file")
public record FileTwinsSource(Path path) implements TwinsSource {
    @Override
    public OpenTwins open(KafkaSettings kafka, MetricRegistry metrics) {
        return new OpenTwins(FileTwinDirectory.open(path), Optional.empty());
    }
}
