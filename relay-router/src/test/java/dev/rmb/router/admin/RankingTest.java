package dev.rmb.router.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rmb.protocol.Address;
import dev.rmb.router.mailbox.MailView;
import dev.rmb.router.mailbox.Mailboxes;
import dev.rmb.router.mailbox.StoredMessage;
import dev.rmb.router.mailbox.TreeKeyValues;
import dev.rmb.server.paging.PageRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Mailboxes by depth and by age, page by page. */
final class RankingTest {
    private static final int MANY = 2 * Ranking.KEPT + 345;

    private final Map<Integer, TreeKeyValues> stores = new TreeMap<>();
    private long nowNanos;

    /** How long each look at the clock takes, as if reading took it. */
    private long stepNanos;

    private int reads;
    private final Ranking ranking =
            new Ranking(
                    stores::keySet,
                    partition -> Optional.of(view(store(partition))),
                    "router",
                    () -> nowNanos += stepNanos);

    private TreeKeyValues store(int partition) {
        return stores.computeIfAbsent(partition, _ -> new TreeKeyValues());
    }

    private MailView view(TreeKeyValues store) {
        return new MailView((from, to) -> {
            reads++;
            return store.range(from, to);
        });
    }

    @Test
    void allMailboxesArePagedThroughInOrderHoweverManyThereAre() {
        fill(MANY);

        for (int limit : new int[] {1000, 333}) {
            List<JsonNode> byDepth = all(Ranking.Order.DEPTH, limit);
            assertThat(byDepth).hasSize(MANY);
            assertThat(byDepth).extracting(Ranking.Order.DEPTH::rankOf).isSorted();
            assertThat(byDepth).extracting(m -> m.path("id").asText()).doesNotHaveDuplicates();
            assertThat(byDepth.getFirst().path("messages").asInt()).isEqualTo(5);
            assertThat(byDepth.getLast().path("messages").asInt()).isEqualTo(1);

            List<JsonNode> byAge = all(Ranking.Order.AGE, limit);
            assertThat(byAge).hasSize(MANY);
            assertThat(byAge).extracting(m -> Instant.parse(m.path("oldest").asText())).isSorted();
        }
    }

    @Test
    void theStoresAreReadOnceForAWindowAndAnewWhenItIsOld() {
        fill(MANY);
        all(Ranking.Order.DEPTH, 1000);
        int once = reads;

        all(Ranking.Order.DEPTH, 1000);
        all(Ranking.Order.DEPTH, 100);
        assertThat(reads).isEqualTo(once);

        nowNanos += Ranking.FRESH.toNanos() + 1;
        all(Ranking.Order.DEPTH, 1000);
        assertThat(reads).isEqualTo(2 * once);
    }

    @Test
    void whoCameLaterIsSeenOnceTheWindowIsOldAndMovesNobodyElse() {
        fill(10);
        PageRequest firstFive = PageRequest.of("5", "");
        String cursor = ranking.look(Ranking.Order.DEPTH, firstFive).part().next();
        List<JsonNode> rest = behind(Ranking.Order.DEPTH, cursor, 100);

        put(0, 5000, 9, 1);
        nowNanos += Ranking.FRESH.toNanos() + 1;

        assertThat(behind(Ranking.Order.DEPTH, cursor, 100)).isEqualTo(rest);
        assertThat(all(Ranking.Order.DEPTH, 100).getFirst().path("id").asText()).isEqualTo("5000");
    }

    @Test
    void readingThatTakesTooLongSaysSoAndGoesOnWithTheNextQuestion() {
        fill(MANY);
        // Some hundred looks at the clock fit into one question.
        stepNanos = Duration.ofMillis(10).toNanos();
        PageRequest page = PageRequest.of("10", "");
        Ranking.Found found = ranking.look(Ranking.Order.AGE, page);
        assertThat(found.isComplete()).isFalse();

        int questions = 1;
        while (!found.isComplete() && questions < 100) {
            found = ranking.look(Ranking.Order.AGE, page);
            questions++;
        }

        assertThat(found.isComplete()).isTrue();
        assertThat(questions).isGreaterThan(5);
        stepNanos = 0;
        assertThat(found.part().items()).isEqualTo(all(Ranking.Order.AGE, 1000).subList(0, 10));
    }

    @Test
    void whoPagesWhileReadingGoesOnComesToTheEnd() {
        fill(MANY);
        stepNanos = Duration.ofMillis(10).toNanos();

        assertThat(all(Ranking.Order.DEPTH, 100))
                .extracting(m -> m.path("id").asText())
                .doesNotHaveDuplicates();
    }

    @Test
    void aPartitionThatMovesAwayLeavesAGap() {
        fill(4);
        var moving =
                new Ranking(
                        stores::keySet,
                        partition ->
                                partition == 0
                                        ? Optional.empty()
                                        : Optional.of(view(store(partition))),
                        "router",
                        () -> nowNanos);

        Ranking.Found found = moving.look(Ranking.Order.DEPTH, PageRequest.of("10", ""));

        assertThat(found.isComplete()).isFalse();
        assertThat(found.part().items()).hasSize(2);
        assertThat(found.part().next()).isNull();
    }

    /** Twins 1 to count, in two partitions, with 1 to 5 messages each; the last are the oldest. */
    private void fill(int count) {
        for (int twin = 1; twin <= count; twin++) {
            put(twin % 2, twin, 1 + twin % 5, 1_000_000_000_000L + (count - twin) / 7);
        }
    }

    private void put(int partition, long twin, int messages, long oldestMs) {
        var mailbox = new Mailboxes(store(partition)).of(Address.of(twin));
        for (int n = 0; n < messages; n++) {
            mailbox.put(n, message(oldestMs + n));
        }
    }

    private List<JsonNode> all(Ranking.Order order, int limit) {
        return behind(order, "", limit);
    }

    private List<JsonNode> behind(Ranking.Order order, @Nullable String from, int limit) {
        List<JsonNode> all = new ArrayList<>();
        String cursor = from;
        for (int pages = 0; cursor != null && pages < 10_000; pages++) {
            var part = ranking.look(order, PageRequest.of("" + limit, cursor)).part();
            assertThat(part.items()).hasSizeLessThanOrEqualTo(limit);
            all.addAll(part.items());
            cursor = part.next();
        }
        assertThat(cursor).isNull();
        return all;
    }

    private static StoredMessage message(long appendTimeMs) {
        return new StoredMessage(
                false, appendTimeMs, appendTimeMs + 1, new byte[] {1}, new byte[] {2});
    }
}
