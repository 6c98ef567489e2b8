package dev.rmb.router.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rmb.router.mailbox.MailView;
import dev.rmb.router.stream.OpenPartitions;
import dev.rmb.server.paging.PageRequest;
import dev.rmb.server.peers.ClusterList;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The mailboxes of a router by depth or age. Nothing counts mailboxes as messages come and go, so
 * all of them are read, and a window of the first ones behind a place is kept: it serves the pages
 * in it for a while, and who pages on beyond it has another one read. One reads at a time, for a
 * bounded time; where that is not enough, the next question goes on with it. Thread-safe.
 */
final class Ranking {
    /** An order of mailboxes. No two have the same rank. */
    enum Order {
        DEPTH,
        AGE;

        String rankOf(JsonNode mailbox) {
            return switch (this) {
                case DEPTH -> MailboxJson.byDepth(mailbox);
                case AGE -> MailboxJson.byAge(mailbox);
            };
        }
    }

    /** How long what was found serves. */
    static final Duration FRESH = Duration.ofSeconds(10);

    /** For how long after the last question reading may go on where it stopped. */
    static final Duration CONTINUED = Duration.ofMinutes(1);

    /** For one question; less than what other pods wait. */
    private static final Duration BUDGET = Duration.ofSeconds(2);

    /** Mailboxes of a window. */
    static final int KEPT = PageRequest.MAX_LIMIT;

    /** That are kept: so many operators may page at once without having everything read twice. */
    private static final int WINDOWS = 6;

    private final Supplier<Set<Integer>> partitions;
    private final IntFunction<Optional<MailView>> mail;
    private final String pod;
    private final LongSupplier nanos;
    private final Map<Key, Window> windows =
            new LinkedHashMap<>(WINDOWS, 1, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<Key, Window> eldest) {
                    return size() > WINDOWS;
                }
            };

    private record Key(Order order, String after) {}

    /**
     * A page's worth.
     *
     * @param isComplete whether all mailboxes have been read
     */
    record Found(ClusterList.Part part, boolean isComplete) {
        static final Found NOTHING = new Found(ClusterList.Part.NONE, true);
    }

    Ranking(OpenPartitions partitions, String pod) {
        this(partitions::all, partitions::mail, pod, System::nanoTime);
    }

    /**
     * @param partitions that are open
     * @param nanos of a clock that never goes back
     */
    Ranking(
            Supplier<Set<Integer>> partitions,
            IntFunction<Optional<MailView>> mail,
            String pod,
            LongSupplier nanos) {
        this.partitions = partitions;
        this.mail = mail;
        this.pod = pod;
        this.nanos = nanos;
    }

    /** The first mailboxes behind the cursor, which is the rank of one; empty: from the first. */
    synchronized Found look(Order order, PageRequest page) {
        windows.values().removeIf(Window::isStale);
        Window window =
                windows.entrySet().stream()
                        .filter(known -> known.getKey().order() == order)
                        .map(Map.Entry::getValue)
                        .filter(known -> known.reaches(page.cursor()))
                        .findFirst()
                        .orElseGet(() -> new Window(order, page.cursor()));
        // Also if it is there already: it is the last one that goes.
        windows.put(new Key(order, window.after), window);
        window.read(nanos.getAsLong() + BUDGET.toNanos());
        return window.page(page);
    }

    private final class Window {
        private record Ranked(String rank, ObjectNode mailbox) {}

        private final Order order;
        private final String after;
        private final PriorityQueue<Ranked> lastFirst =
                new PriorityQueue<>(Comparator.comparing(Ranked::rank).reversed());
        private final ArrayDeque<Integer> unread;

        /** In the first of the partitions that are not read. */
        private String place = "";

        /** There are more behind the last one. */
        private boolean isCut;

        /** A partition moved away: another pod answers for it. */
        private boolean hasGap;

        private long readAt;

        Window(Order order, String after) {
            this.order = order;
            this.after = after;
            this.unread = new ArrayDeque<>(partitions.get());
            this.readAt = nanos.getAsLong();
        }

        boolean isStale() {
            Duration patience = unread.isEmpty() ? FRESH : CONTINUED;
            return nanos.getAsLong() - readAt > patience.toNanos();
        }

        /** Whether it holds what comes next behind the cursor. */
        boolean reaches(String cursor) {
            return after.compareTo(cursor) <= 0
                    && (!isCut || cursor.compareTo(lastFirst.element().rank()) < 0);
        }

        void read(long deadline) {
            if (unread.isEmpty()) {
                return;
            }
            while (!unread.isEmpty() && nanos.getAsLong() - deadline <= 0) {
                Optional<Boolean> isRead =
                        mail.apply(unread.element())
                                .flatMap(view -> OpenPartitions.read(() -> read(view, deadline)));
                hasGap |= isRead.isEmpty();
                if (isRead.orElse(true)) {
                    unread.remove();
                    place = "";
                }
            }
            readAt = nanos.getAsLong();
        }

        /** Whether this was all of the partition. */
        private boolean read(MailView view, long deadline) {
            try (MailView.Walk walk = view.walk(place)) {
                MailView.Filled mailbox;
                while ((mailbox = walk.next()) != null) {
                    add(mailbox);
                    place = mailbox.place();
                    if (nanos.getAsLong() - deadline > 0) {
                        return false;
                    }
                }
                return true;
            }
        }

        private void add(MailView.Filled mailbox) {
            ObjectNode json = MailboxJson.write(pod, unread.element(), mailbox);
            String rank = order.rankOf(json);
            if (rank.compareTo(after) > 0) {
                lastFirst.add(new Ranked(rank, json));
            }
            if (lastFirst.size() > KEPT) {
                lastFirst.remove();
                isCut = true;
            }
        }

        Found page(PageRequest page) {
            List<Ranked> behind =
                    lastFirst.stream()
                            .filter(ranked -> ranked.rank().compareTo(page.cursor()) > 0)
                            .sorted(Comparator.comparing(Ranked::rank))
                            .limit(page.limit() + 1L)
                            .toList();
            List<Ranked> first = behind.subList(0, Math.min(page.limit(), behind.size()));
            return new Found(
                    new ClusterList.Part(
                            first.stream().map(Ranked::mailbox).toList(),
                            next(page, first, behind.size() > first.size())),
                    unread.isEmpty() && !hasGap);
        }

        private @Nullable String next(PageRequest page, List<Ranked> first, boolean hasMore) {
            if (!hasMore && !isCut && unread.isEmpty()) {
                return null;
            }
            if (first.isEmpty()) {
                // Whoever pages goes on with the reading.
                return page.cursor().isEmpty() ? null : page.cursor();
            }
            return first.getLast().rank();
        }
    }
}
