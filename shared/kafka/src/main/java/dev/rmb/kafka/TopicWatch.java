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
    private volatile Optional<String> remark = Optional.empty();

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
     * Which topics cannot be used at all, as Kafka said last; nothing if all can. Whether Kafka is
     * there at all, others tell.
     */
    public Optional<String> complaint() {
        return complaint;
    }

    /** Which partitions cannot be used at the moment, while others of their topic can. */
    public Optional<String> remark() {
        return remark;
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
            List<String> partly = new ArrayList<>();
            for (Map.Entry<String, KafkaFuture<TopicDescription>> answer :
                    admin.describeTopics(topics).topicNameValues().entrySet()) {
                look(answer.getKey(), answer.getValue(), wrong, partly);
            }
            complaint = told(wrong, complaint);
            remark = told(partly, remark);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException | RuntimeException e) {
            log.debug("Nothing is known of the topics at the moment", e);
        }
    }

    /** What is said of it now; logged if it is news. */
    private static Optional<String> told(List<String> found, Optional<String> before) {
        Optional<String> now =
                found.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", found));
        if (now.isPresent() && !now.equals(before)) {
            log.warn("Topics are not as they should be: {}", now.get());
        }
        return now;
    }

    private static void look(
            String topic,
            KafkaFuture<TopicDescription> answer,
            Collection<String> wrong,
            Collection<String> partly)
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
                // A relay whose other partitions work is better than none at all.
                Collection<String> to =
                        orphans.size() == found.partitions().size() ? wrong : partly;
                to.add(
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
