package dev.rmb.server.twins;

import com.codahale.metrics.MetricRegistry;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.rmb.kafka.KafkaSettings;
import io.dropwizard.jackson.Discoverable;

/**
 * The {@code twins} section: where this relay has its twins from. A jar adds a kind by naming it in
 * {@code META-INF/services/dev.rmb.server.twins.TwinsSource}; its {@code JsonTypeName} is the
 * {@code type} in the file. Without one it is {@code registry}.
 */
@JsonTypeInfo(
        use = JsonTypeInfo.Id.NAME,
        property = "type",
        defaultImpl = RegistryTwinsSource.class)
public interface TwinsSource extends Discoverable {
    /**
     * Opens the source; whoever asks closes what it gets.
     *
     * @param kafka of the relay
     * @param metrics where the source tells how it fares
     * @throws dev.rmb.twins.DirectoryException if the source cannot be used
     */
    OpenTwins open(KafkaSettings kafka, MetricRegistry metrics);
}
