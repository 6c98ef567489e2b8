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
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
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
     * @throws TopicMismatchException if a topic exists with other partitions, with other settings
     *     than are demanded of it, or too few replicas; the message says what to do
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
                        throw refused(e.getCause());
                    }
                    log.debug("Topics are not ready yet", e.getCause());
                }
                pauseUntil(deadline);
            }
            Map<String, Config> configs = configs(admin, byName.keySet(), deadline);
            check(byName.values(), found, configs);
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
                        .map(spec -> {
                            Map<String, String> configs = new HashMap<>(settings.lasting());
                            configs.putAll(spec.settings());
                            return new NewTopic(
                                            spec.name(),
                                            spec.partitions(),
                                            (short) settings.replication())
                                    .configs(configs);
                        })
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

    private static Map<String, Config> configs(
            Admin admin, Collection<String> names, Instant deadline)
            throws ExecutionException, InterruptedException, TimeoutException {
        List<ConfigResource> resources =
                names.stream()
                        .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                        .toList();
        Map<String, Config> configs = new HashMap<>();
        admin.describeConfigs(resources)
                .all()
                .get(msUntil(deadline), TimeUnit.MILLISECONDS)
                .forEach((resource, config) -> configs.put(resource.name(), config));
        return configs;
    }

    private void check(
            Collection<TopicSpec> wanted,
            Map<String, TopicDescription> found,
            Map<String, Config> configs) {
        TopicCheck check = new TopicCheck(settings.durability());
        for (TopicSpec spec : wanted) {
            TopicDescription topic = found.get(spec.name());
            Config config = configs.get(spec.name());
            if (topic != null && config != null) {
                check.check(spec, topic, config);
            }
        }
        if (!check.wrong().isEmpty()) {
            throw new TopicMismatchException(String.join("; ", check.wrong()));
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

    private IllegalStateException refused(@Nullable Throwable why) {
        return new IllegalStateException(
                why instanceof AuthenticationException
                        ? "Kafka at %s does not let this process in: check security.protocol, sasl.* and ssl.* under kafka"
                                .formatted(settings.bootstrapServers())
                        : "Kafka refused to describe or make topics",
                why);
    }

    private IllegalStateException notAnswered(Exception e) {
        return new IllegalStateException(
                "Kafka at %s did not answer within %d s: check kafka.bootstrap.servers, kafka.security.protocol and that the broker runs"
                        .formatted(settings.bootstrapServers(), patience.toSeconds()),
                e);
    }
}
