package dev.rmb.kafka;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the topics that are missing and refuses those that do not fit. Blocks its caller: for
 * start-up only.
 */
public final class TopicSetup {
    private static final Logger log = LoggerFactory.getLogger(TopicSetup.class);
    private static final long PAUSE_MS = 50;
    private static final Duration CLOSE = Duration.ofSeconds(1);

    private final KafkaSettings settings;
    private final Duration patience;

    /**
     * @param patience how long Kafka may stay away or leaderless before {@link #ensure} gives up
     */
    public TopicSetup(KafkaSettings settings, Duration patience) {
        this.settings = settings;
        this.patience = patience;
    }

    /**
     * Returns when every topic exists and each of its partitions has a leader: a producer that
     * starts earlier can lose its first batch (KAFKA-15591).
     *
     * @throws TopicMismatchException if a topic exists with other partitions, or takes smaller
     *     records than this project writes; the message says what to do
     * @throws IllegalStateException if Kafka did not answer within the patience
     */
    public void ensure(Collection<TopicSpec> topics) {
        Instant deadline = Instant.now().plus(patience);
        Map<String, TopicSpec> byName =
                topics.stream().collect(Collectors.toMap(TopicSpec::name, Function.identity()));
        Admin admin = Admin.create(settings.admin("rmb-topic-setup"));
        try {
            Map<String, TopicDescription> found = new HashMap<>();
            while (true) {
                try {
                    found = describe(admin, byName.keySet(), deadline);
                    List<TopicSpec> missing = new ArrayList<>(topics);
                    Map<String, TopicDescription> existing = found;
                    missing.removeIf(spec -> existing.containsKey(spec.name()));
                    if (!missing.isEmpty()) {
                        create(admin, missing, deadline);
                    } else if (found.values().stream().allMatch(TopicSetup::hasLeaders)) {
                        break;
                    }
                } catch (ExecutionException e) {
                    if (!(e.getCause() instanceof RetriableException)) {
                        throw new IllegalStateException(
                                "Kafka refused to describe or make topics", e.getCause());
                    }
                    log.debug("Topics are not ready yet", e.getCause());
                }
                pauseUntil(deadline);
            }
            check(byName.values(), found.values(), recordLimits(admin, byName.keySet(), deadline));
        } catch (ExecutionException | TimeoutException e) {
            throw notAnswered(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while preparing topics", e);
        } finally {
            // Without a bound, closing waits a minute for what was never answered.
            admin.close(CLOSE);
        }
    }

    private static Map<String, TopicDescription> describe(
            Admin admin, Collection<String> names, Instant deadline)
            throws ExecutionException, InterruptedException, TimeoutException {
        Map<String, TopicDescription> found = new HashMap<>();
        for (var answer : admin.describeTopics(names).topicNameValues().entrySet()) {
            try {
                found.put(
                        answer.getKey(),
                        answer.getValue().get(msUntil(deadline), TimeUnit.MILLISECONDS));
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw e;
                }
            }
        }
        return found;
    }

    private void create(Admin admin, List<TopicSpec> missing, Instant deadline)
            throws ExecutionException, InterruptedException, TimeoutException {
        List<NewTopic> topics =
                missing.stream()
                        .map(spec ->
                                new NewTopic(
                                                spec.name(),
                                                spec.partitions(),
                                                (short) settings.replication())
                                        .configs(spec.settings()))
                        .toList();
        for (var answer : admin.createTopics(topics).values().entrySet()) {
            try {
                answer.getValue().get(msUntil(deadline), TimeUnit.MILLISECONDS);
                log.info("Made topic {}", answer.getKey());
            } catch (ExecutionException e) {
                // Another pod of the cluster starts at the same moment.
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw e;
                }
            }
        }
    }

    private static boolean hasLeaders(TopicDescription topic) {
        return topic.partitions().stream()
                .allMatch(p -> p.leader() != null && !p.leader().isEmpty());
    }

    private static Map<String, Integer> recordLimits(
            Admin admin, Collection<String> names, Instant deadline)
            throws ExecutionException, InterruptedException, TimeoutException {
        List<ConfigResource> resources =
                names.stream()
                        .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                        .toList();
        Map<String, Integer> limits = new HashMap<>();
        Map<ConfigResource, Config> configs =
                admin.describeConfigs(resources)
                        .all()
                        .get(msUntil(deadline), TimeUnit.MILLISECONDS);
        configs.forEach((resource, config) ->
                limits.put(
                        resource.name(),
                        Integer.valueOf(config.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG).value())));
        return limits;
    }

    private static void check(
            Collection<TopicSpec> wanted,
            Collection<TopicDescription> found,
            Map<String, Integer> limits) {
        Map<String, Integer> partitions =
                found.stream()
                        .collect(
                                Collectors.toMap(
                                        TopicDescription::name,
                                        topic -> topic.partitions().size()));
        List<String> wrong = new ArrayList<>();
        for (TopicSpec spec : wanted) {
            String name = spec.name();
            int has = partitions.getOrDefault(name, 0);
            if (has != spec.partitions()) {
                wrong.add(
                        "topic %s has %d partitions where the configuration says %d: set kafka.partitions to %d, or use another kafka.prefix"
                                .formatted(name, has, spec.partitions(), has));
            }
            String needed = spec.settings().get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
            int allowed = limits.getOrDefault(name, 0);
            if (needed != null && allowed < Integer.parseInt(needed)) {
                wrong.add(
                        "topic %s takes records of %d bytes where %s are needed: raise its max.message.bytes to %s"
                                .formatted(name, allowed, needed, needed));
            }
        }
        if (!wrong.isEmpty()) {
            throw new TopicMismatchException(String.join("; ", wrong));
        }
    }

    private void pauseUntil(Instant deadline) throws InterruptedException, TimeoutException {
        if (Instant.now().isAfter(deadline)) {
            throw new TimeoutException("topics have no leaders");
        }
        Thread.sleep(PAUSE_MS);
    }

    private static long msUntil(Instant deadline) throws TimeoutException {
        long ms = Duration.between(Instant.now(), deadline).toMillis();
        if (ms <= 0) {
            throw new TimeoutException("no time is left");
        }
        return ms;
    }

    private IllegalStateException notAnswered(Exception e) {
        return new IllegalStateException(
                "Kafka at %s did not answer within %d s: check kafka.bootstrap.servers and that the broker runs"
                        .formatted(settings.bootstrapServers(), patience.toSeconds()),
                e);
    }
}
