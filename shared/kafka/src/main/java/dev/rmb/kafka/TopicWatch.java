package dev.rmb.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks every few seconds whether topics are there, and whether each of their partitions has a
 * leader. Owns a thread. Thread-safe.
 */
public final class TopicWatch implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TopicWatch.class);
    private static final Duration ANSWER = Duration.ofSeconds(5);
    private static final Duration CLOSE = Duration.ofSeconds(1);
    private static final int SHOWN = 10;

    private final Admin admin;
    private final Set<String> topics;
    private final ScheduledExecutorService thread;
    private final ScheduledFuture<?> looks;
    private volatile Optional<String> complaint = Optional.empty();

    /**
     * Begins to look.
     *
     * @param pod names the thread and the client
     * @param every from the end of a look to the beginning of the next
     */
    public TopicWatch(
            KafkaSettings settings, String pod, Collection<String> topics, Duration every) {
        this.topics = new TreeSet<>(topics);
        this.admin = Admin.create(settings.admin(pod + "-topics"));
        this.thread =
                Executors.newSingleThreadScheduledExecutor(look -> {
                    Thread named = new Thread(look, pod + "-topics");
                    named.setDaemon(true);
                    return named;
                });
        this.looks =
                thread.scheduleWithFixedDelay(
                        this::look, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * What is wrong with the topics, as Kafka said last; nothing if all is well. Whether Kafka is
     * there at all, others tell.
     */
    public Optional<String> complaint() {
        return complaint;
    }

    @Override
    public void close() {
        looks.cancel(true);
        thread.shutdownNow();
        admin.close(CLOSE);
    }

    private void look() {
        try {
            List<String> wrong = new ArrayList<>();
            for (Map.Entry<String, KafkaFuture<TopicDescription>> answer :
                    admin.describeTopics(topics).topicNameValues().entrySet()) {
                look(answer.getKey(), answer.getValue(), wrong);
            }
            Optional<String> found =
                    wrong.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", wrong));
            if (found.isPresent() && !found.equals(complaint)) {
                log.warn("Topics are not as they should be: {}", found.get());
            }
            complaint = found;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException | RuntimeException e) {
            log.debug("Nothing is known of the topics at the moment", e);
        }
    }

    private static void look(
            String topic, KafkaFuture<TopicDescription> answer, Collection<String> wrong)
            throws ExecutionException, InterruptedException, TimeoutException {
        try {
            TopicDescription found = answer.get(ANSWER.toMillis(), TimeUnit.MILLISECONDS);
            List<Integer> orphans =
                    found.partitions().stream()
                            .filter(partition ->
                                    partition.leader() == null || partition.leader().isEmpty())
                            .map(TopicPartitionInfo::partition)
                            .toList();
            if (!orphans.isEmpty()) {
                wrong.add(
                        "%d of %d partitions of the topic %s have no leader: %s"
                                .formatted(
                                        orphans.size(),
                                        found.partitions().size(),
                                        topic,
                                        shown(orphans)));
            }
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                throw e;
            }
            wrong.add("there is no topic %s any more".formatted(topic));
        }
    }

    private static String shown(List<Integer> partitions) {
        return partitions.stream()
                        .limit(SHOWN)
                        .map(String::valueOf)
                        .collect(Collectors.joining(", "))
                + (partitions.size() > SHOWN ? ", …" : "");
    }
}
