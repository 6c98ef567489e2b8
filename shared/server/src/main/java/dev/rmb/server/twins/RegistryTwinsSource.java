package dev.rmb.server.twins;

import com.codahale.metrics.MetricRegistry;
import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.rmb.kafka.KafkaSettings;
import dev.rmb.twins.RegistryTwinDirectory;
import dev.rmb.twins.TwinRegistry;
import java.util.Optional;

/** {@code type: registry}: the relay's own, in its Kafka. */
@JsonTypeName("registry")
public record RegistryTwinsSource() implements TwinsSource {
    @Override
    public OpenTwins open(KafkaSettings kafka, MetricRegistry metrics) {
        RegistryTwinDirectory directory = RegistryTwinDirectory.start(kafka);
        return new OpenTwins(directory, Optional.of(new TwinRegistry(kafka, directory)));
    }
}
