package dev.rmb.router.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rmb.router.stream.OpenPartitions;
import dev.rmb.server.paging.PageRequest;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The deepest and the oldest mailboxes of a router. Nothing counts mailboxes as messages come and
 * go, so all of them are read; therefore what was found serves for a while, one reads at a time,
 * and reading ends after a time.
 */
final class Ranking {
    private static final Duration FRESH = Duration.ofSeconds(10);

    /** Less than what other pods wait. */
    private static final Duration BUDGET = Duration.ofSeconds(2);

    private static final int KEPT = PageRequest.MAX_LIMIT;

    private final OpenPartitions partitions;
    private final String pod;
    private @Nullable Found found;

    /**
     * @param isComplete whether all mailboxes were read in time
     */
    record Found(
            List<ObjectNode> byDepth, List<ObjectNode> byAge, boolean isComplete, long atNanos) {}

    Ranking(OpenPartitions partitions, String pod) {
        this.partitions = partitions;
        this.pod = pod;
    }

    /** The first {@value #KEPT} of each order. */
    synchronized Found look() {
        Found known = found;
        if (known == null || System.nanoTime() - known.atNanos() > FRESH.toNanos()) {
            known = read();
            found = known;
        }
        return known;
    }

    private Found read() {
        long began = System.nanoTime();
        long deadline = began + BUDGET.toNanos();
        Best deepest = new Best(MailboxJson::byDepth);
        Best oldest = new Best(MailboxJson::byAge);
        boolean complete = true;
        for (int partition : partitions.all()) {
            // What moves away meanwhile, another pod answers for.
            complete &=
                    partitions
                            .mail(partition)
                            .flatMap(mail ->
                                    OpenPartitions.read(() ->
                                            mail.forEach(
                                                    mailbox -> {
                                                        ObjectNode json =
                                                                MailboxJson.write(
                                                                        pod, partition, mailbox);
                                                        deepest.add(json);
                                                        oldest.add(json);
                                                    },
                                                    () -> System.nanoTime() - deadline > 0)))
                            .orElse(false);
        }
        return new Found(deepest.sorted(), oldest.sorted(), complete, began);
    }

    /** Keeps the first few of many. */
    private static final class Best {
        private record Ranked(String rank, ObjectNode mailbox) {}

        private final Function<JsonNode, String> rank;
        private final PriorityQueue<Ranked> lastFirst =
                new PriorityQueue<>(Comparator.comparing(Ranked::rank).reversed());

        Best(Function<JsonNode, String> rank) {
            this.rank = rank;
        }

        void add(ObjectNode mailbox) {
            lastFirst.add(new Ranked(rank.apply(mailbox), mailbox));
            if (lastFirst.size() > KEPT) {
                lastFirst.remove();
            }
        }

        List<ObjectNode> sorted() {
            return lastFirst.stream()
                    .sorted(Comparator.comparing(Ranked::rank))
                    .map(Ranked::mailbox)
                    .toList();
        }
    }
}
