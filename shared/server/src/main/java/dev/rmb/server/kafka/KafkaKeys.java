package dev.rmb.server.kafka;

import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/** The names of the properties that some client of Kafka knows. */
final class KafkaKeys implements Supplier<Set<String>> {
    /**
     * Part of the promise or of the code: changed, they would lose messages or break the process.
     * They are known, so that who writes one is told why not.
     */
    static final Set<String> OWNED =
            Set.of(
                    "acks",
                    "allow.auto.create.topics",
                    "application.id",
                    "application.server",
                    "auto.offset.reset",
                    "client.id",
                    "enable.auto.commit",
                    "enable.idempotence",
                    "group.id",
                    "group.protocol",
                    "isolation.level",
                    "key.deserializer",
                    "key.serializer",
                    "partitioner.class",
                    "partitioner.ignore.keys",
                    "processing.guarantee",
                    "transactional.id",
                    "value.deserializer",
                    "value.serializer");

    /** What Kafka Streams has of its own; Streams itself is on the routers' class path only. */
    static final Set<String> STREAMS =
            Set.of(
                    "acceptable.recovery.lag",
                    "allow.os.group.write.access",
                    "buffered.records.per.partition",
                    "built.in.metrics.version",
                    "cache.max.bytes.buffering",
                    "commit.interval.ms",
                    "default.client.supplier",
                    "default.deserialization.exception.handler",
                    "default.dsl.store",
                    "default.key.serde",
                    "default.list.key.serde.inner",
                    "default.list.key.serde.type",
                    "default.list.value.serde.inner",
                    "default.list.value.serde.type",
                    "default.production.exception.handler",
                    "default.timestamp.extractor",
                    "default.value.serde",
                    "deserialization.exception.handler",
                    "dsl.store.format",
                    "dsl.store.suppliers.class",
                    "ensure.explicit.internal.resource.naming",
                    "errors.dead.letter.queue.topic.name",
                    "log.summary.interval.ms",
                    "max.task.idle.ms",
                    "max.warmup.replicas",
                    "num.standby.replicas",
                    "num.stream.threads",
                    "poll.ms",
                    "probing.rebalance.interval.ms",
                    "processing.exception.handler",
                    "processing.exception.handler.global.enabled",
                    "processor.wrapper.class",
                    "production.exception.handler",
                    "rack.aware.assignment.non_overlap_cost",
                    "rack.aware.assignment.strategy",
                    "rack.aware.assignment.tags",
                    "rack.aware.assignment.traffic_cost",
                    "repartition.purge.interval.ms",
                    "replication.factor",
                    "rocksdb.config.setter",
                    "state.cleanup.delay.ms",
                    "state.cleanup.dir.max.age.ms",
                    "state.dir",
                    "statestore.cache.max.bytes",
                    "task.assignor.class",
                    "task.timeout.ms",
                    "topology.optimization",
                    "upgrade.from",
                    "window.size.ms",
                    "windowed.inner.class.serde",
                    "windowstore.changelog.additional.retention.ms");

    @Override
    public Set<String> get() {
        Set<String> names = new TreeSet<>(STREAMS);
        names.addAll(OWNED);
        names.addAll(ProducerConfig.configNames());
        names.addAll(ConsumerConfig.configNames());
        names.addAll(AdminClientConfig.configNames());
        // A component of the section's record.
        names.remove("bootstrap.servers");
        return names;
    }
}
