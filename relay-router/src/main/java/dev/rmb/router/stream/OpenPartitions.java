package dev.rmb.router.stream;

import dev.rmb.cluster.trace.Outcomes;
import dev.rmb.protocol.Address;
import dev.rmb.router.dispatch.MessageStatus;
import dev.rmb.router.dispatch.Purged;
import dev.rmb.router.mailbox.MailView;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.apache.kafka.streams.errors.InvalidStateStoreException;

/**
 * The partitions of a router, for those who look from outside. Thread-safe: whatever is changed is
 * changed by the thread that owns it.
 */
public final class OpenPartitions {
    private final ConcurrentMap<Integer, PartitionTask> open = new ConcurrentHashMap<>();
    private volatile IntFunction<Optional<MailView>> mail = _ -> Optional.empty();
    private volatile Supplier<Set<Integer>> standbys = Set::of;
    private volatile Supplier<Map<Integer, Long>> standbyLags = Map::of;
    private volatile Supplier<Map<Integer, Long>> ends = Map::of;

    private final Outcomes outcomes = new Outcomes();

    OpenPartitions() {}

    /** What became of messages lately, by their places. */
    public Outcomes outcomes() {
        return outcomes;
    }

    /** From now on stores can be looked at. */
    void show(
            IntFunction<Optional<MailView>> stores,
            Supplier<Set<Integer>> warm,
            Supplier<Map<Integer, Long>> warmLags,
            Supplier<Map<Integer, Long>> logEnds) {
        mail = stores;
        standbys = warm;
        standbyLags = warmLags;
        ends = logEnds;
    }

    void opened(int partition, PartitionTask task) {
        open.put(partition, task);
    }

    void closed(int partition, PartitionTask task) {
        open.remove(partition, task);
    }

    /** In the order of partitions. */
    public List<PartitionState> states() {
        return open.values().stream()
                .map(PartitionTask::state)
                .sorted(Comparator.comparingInt(PartitionState::partition))
                .toList();
    }

    /** Partitions whose mailboxes this router keeps a copy of, for the case that another dies. */
    public Set<Integer> standbys() {
        return new TreeSet<>(standbys.get());
    }

    /**
     * How many records of the changelog each of these copies is behind, as far as the brokers say.
     * Blocks, about a second at most.
     */
    public Map<Integer, Long> standbyLags() {
        return standbyLags.get();
    }

    /** Where the log of each open partition ends, as far as it was heard of lately. */
    public Map<Integer, Long> ends() {
        return ends.get();
    }

    /** Numbers of the open ones. */
    public Set<Integer> all() {
        return new TreeSet<>(open.keySet());
    }

    public boolean isOpen(int partition) {
        return open.containsKey(partition);
    }

    /**
     * The mailboxes of an open partition, to be read on any thread, within {@link #read} because
     * the partition may move away.
     */
    public Optional<MailView> mail(int partition) {
        return isOpen(partition) ? mail.apply(partition) : Optional.empty();
    }

    /**
     * Reads mailboxes.
     *
     * @return nothing if the partition moves away meanwhile
     */
    public static <T> Optional<T> read(Supplier<T> reading) {
        try {
            return Optional.of(reading.get());
        } catch (InvalidStateStoreException e) {
            return Optional.empty();
        }
    }

    /**
     * Asks the owner where the message at an offset of the log is now.
     *
     * @return nothing if the partition is not open; does not complete if it moves away meanwhile
     */
    public Optional<CompletionStage<MessageStatus>> whereIs(
            int partition, Address address, long offset) {
        PartitionTask task = open.get(partition);
        if (task == null) {
            return Optional.empty();
        }
        CompletableFuture<MessageStatus> answer = new CompletableFuture<>();
        task.ask(dispatcher -> answer.complete(dispatcher.statusOf(address, task.place(offset))));
        return Optional.of(answer);
    }

    /**
     * Has the owner decide anew on what is stored for a twin.
     *
     * @return whether the partition is open
     */
    public boolean decideAnew(int partition, long twin) {
        PartitionTask task = open.get(partition);
        if (task != null) {
            task.ask(dispatcher -> dispatcher.decideAnew(twin));
        }
        return task != null;
    }

    /**
     * Has the owner empty a mailbox of what is stored in it by now.
     *
     * @return nothing if the partition is not open; an empty result if too many mailboxes are being
     *     emptied; does not complete if the partition moves away meanwhile
     */
    public Optional<CompletionStage<Optional<Purged>>> purge(int partition, Address address) {
        PartitionTask task = open.get(partition);
        if (task == null) {
            return Optional.empty();
        }
        CompletableFuture<Optional<Purged>> done = new CompletableFuture<>();
        task.ask(dispatcher -> {
            if (!dispatcher.purge(address, purged -> done.complete(Optional.of(purged)))) {
                done.complete(Optional.empty());
            }
        });
        return Optional.of(done);
    }
}
