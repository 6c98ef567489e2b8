package dev.rmb.gateway;

import dev.rmb.cluster.Topics;
import dev.rmb.cluster.ownership.Ownership;
import dev.rmb.cluster.ownership.OwnershipListener;
import dev.rmb.gateway.accept.EnvelopeLog;
import dev.rmb.gateway.accept.KafkaEnvelopeLog;
import dev.rmb.gateway.offers.Offering;
import dev.rmb.kafka.KafkaSettings;
import dev.rmb.kafka.KafkaWait;
import dev.rmb.twins.FileTwinDirectory;
import dev.rmb.twins.RegistryTwinDirectory;
import dev.rmb.twins.TwinDirectory;

/** The pods meet in Kafka. */
record KafkaBackbone(GatewaySettings settings, KafkaSettings kafka) implements Backbone {
    /** By the largest envelope each event loop may exceed its share of the bytes under way. */
    private static final long LARGEST = KafkaSettings.MAX_RECORD_BYTES;

    @Override
    public int partitions() {
        return kafka.partitions();
    }

    @Override
    public EnvelopeLog openLog(Offering offering) {
        return KafkaEnvelopeLog.start(
                kafka,
                settings.accept(),
                new Topics(kafka).envelopes(),
                settings.name(),
                settings.loopCount() * LARGEST,
                offering,
                settings.startTimeout());
    }

    @Override
    public AutoCloseable followOwners(OwnershipListener listener) {
        var ownership = new Ownership(kafka, new Topics(kafka).owners(), settings.name(), listener);
        try {
            ownership.start();
            KafkaWait.until(
                    ownership.caughtUp(),
                    settings.startTimeout(),
                    "the owners of the partitions could not be read");
            return ownership;
        } catch (RuntimeException e) {
            ownership.close();
            throw e;
        }
    }

    @Override
    public boolean hasTwinsOf(TwinDirectory directory) {
        return directory instanceof RegistryTwinDirectory || directory instanceof FileTwinDirectory;
    }
}
