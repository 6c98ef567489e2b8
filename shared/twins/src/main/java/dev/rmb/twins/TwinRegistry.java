package dev.rmb.twins;

import dev.rmb.kafka.KafkaSettings;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes the relay's own registry of twins. An id belongs to one twin, and so does an account, as
 * on the chain; the id of a deleted twin is not given again by itself.
 *
 * <p>Any number of pods may do so at once: all write with one transactional id, whose newest holder
 * has read everything that was written before and fences the others. One that was fenced reads what
 * it missed and tries again. Methods block, for about as long as Kafka takes to commit, and never
 * longer than some tens of seconds; thread-safe.
 */
public final class TwinRegistry implements AutoCloseable {
    private static final Logger logger = LoggerFactory.getLogger(TwinRegistry.class);
    private static final int ATTEMPTS = 10;
    private static final Duration PAUSE = Duration.ofMillis(40);
    private static final Duration TURN = Duration.ofSeconds(15);

    /** How long a change waits for this process's own directory to show it. */
    private static final Duration SHOWN = Duration.ofSeconds(2);

    private final KafkaSettings settings;
    private final @Nullable RegistryTwinDirectory directory;
    private final ReentrantLock turn = new ReentrantLock(true);
    private @Nullable RegistryLog log;
    private boolean closed;

    /** Connects with the first change. */
    public TwinRegistry(KafkaSettings settings) {
        this(settings, null);
    }

    /**
     * Connects with the first change.
     *
     * @param directory of this process, which shows a change by the time that it is answered,
     *     unless it is far behind; {@code null} for none
     */
    public TwinRegistry(KafkaSettings settings, @Nullable RegistryTwinDirectory directory) {
        this.settings = settings;
        this.directory = directory;
    }

    /** What a change comes to, seen what there is: an answer at once, or something to write. */
    private sealed interface Plan {
        record Answer(TwinChange change) implements Plan {}

        record Put(Twin twin) implements Plan {}

        record Delete(Twin twin) implements Plan {}
    }

    /**
     * Registers a twin.
     *
     * @throws DirectoryException if Kafka does not take it
     */
    public TwinChange create(NewTwin wanted) {
        return change(log -> {
            TwinTable twins = log.twins();
            Optional<Twin> owner = twins.byAccount(wanted.account());
            if (owner.isPresent()) {
                return accountTaken(owner.get());
            }
            Long id = wanted.id();
            if (id == null) {
                id = log.highestId() + 1;
                if (id > Twin.MAX_ID) {
                    return conflict("the highest id is taken; ask for a free one");
                }
            } else if (twins.byId(id).isPresent()) {
                return conflict("twin " + id + " exists");
            }
            return new Plan.Put(wanted.withId(id));
        });
    }

    /**
     * Changes a twin's account, relay or key.
     *
     * @param edit gives the new record from the present one, with the same id; may be asked several
     *     times
     * @throws IllegalArgumentException if the new record is not valid
     * @throws DirectoryException if Kafka does not take it
     */
    public TwinChange update(long id, UnaryOperator<Twin> edit) {
        return change(log -> {
            TwinTable twins = log.twins();
            Optional<Twin> present = twins.byId(id);
            if (present.isEmpty()) {
                return new Plan.Answer(new TwinChange.Unknown(id));
            }
            Twin edited = TwinChecks.check(edit.apply(present.get()));
            if (edited.id() != id) {
                throw new IllegalArgumentException("a twin keeps its id");
            }
            Optional<Twin> owner = twins.byAccount(edited.account());
            if (owner.isPresent() && owner.get().id() != id) {
                return accountTaken(owner.get());
            }
            return edited.equals(present.get())
                    ? new Plan.Answer(new TwinChange.Made(edited))
                    : new Plan.Put(edited);
        });
    }

    /**
     * Deletes a twin.
     *
     * @throws DirectoryException if Kafka does not take it
     */
    public TwinChange delete(long id) {
        return change(log ->
                log.twins()
                        .byId(id)
                        .<Plan>map(Plan.Delete::new)
                        .orElse(new Plan.Answer(new TwinChange.Unknown(id))));
    }

    private static Plan accountTaken(Twin owner) {
        return conflict("account " + owner.account() + " is twin " + owner.id());
    }

    private static Plan conflict(String reason) {
        return new Plan.Answer(new TwinChange.Conflict(reason));
    }

    private TwinChange change(Function<RegistryLog, Plan> planner) {
        takeTurn();
        try {
            return tryRepeatedly(planner);
        } finally {
            turn.unlock();
        }
    }

    private void takeTurn() {
        try {
            if (turn.tryLock(TURN.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw DirectoryException.retryable("the registry is busy with other changes", null);
    }

    private TwinChange tryRepeatedly(Function<RegistryLog, Plan> planner) {
        String name = UUID.randomUUID().toString();
        KafkaException last = null;
        Plan written = null;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            if (closed) {
                throw DirectoryException.retryable("the registry was closed", null);
            }
            try {
                RegistryLog log = upToDate(name);
                if (written != null && log.hasUnanswered()) {
                    // Kafka did take it, and only its answer was lost.
                    return done(written);
                }
                Plan plan = planner.apply(log);
                if (plan instanceof Plan.Answer answer) {
                    return answer.change();
                }
                written = plan;
                write(plan, log, name);
                awaitShown(log.lastCommitted());
                return done(plan);
            } catch (InterruptException e) {
                forget();
                throw DirectoryException.retryable("interrupted while changing the registry", e);
            } catch (KafkaException e) {
                last = e;
                forget();
                pause(attempt);
            }
        }
        throw DirectoryException.retryable(
                "the registry did not take the change: " + (last == null ? "" : last.getMessage()),
                last);
    }

    private RegistryLog upToDate(String name) {
        RegistryLog current = log;
        if (current == null) {
            current = new RegistryLog(settings, name);
            log = current;
            current.takeOver();
        }
        current.readToEnd();
        return current;
    }

    private static void write(Plan plan, RegistryLog log, String name) {
        if (plan instanceof Plan.Put put) {
            log.put(put.twin(), name);
        } else if (plan instanceof Plan.Delete delete) {
            log.delete(delete.twin().id(), name);
        }
    }

    private void awaitShown(long offset) {
        if (directory == null) {
            return;
        }
        try {
            directory
                    .shown(offset)
                    .toCompletableFuture()
                    .get(SHOWN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            // The change is made all the same; whoever looks it up here may have to look twice.
            logger.debug("The directory does not show offset {} yet", offset);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static TwinChange done(Plan written) {
        if (written instanceof Plan.Put put) {
            return new TwinChange.Made(put.twin());
        }
        if (written instanceof Plan.Delete delete) {
            return new TwinChange.Made(delete.twin());
        }
        throw new IllegalStateException("nothing was written: " + written);
    }

    /** After a failure: who was fenced, or does not know what became of a commit, starts over. */
    private void forget() {
        RegistryLog current = log;
        log = null;
        if (current != null) {
            current.close();
        }
    }

    private static void pause(int attempt) {
        long most = PAUSE.toNanos() * (attempt + 1);
        // Several pods that fence each other in turn must fall out of step.
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(most));
    }

    /** Waits for a change under way. */
    @Override
    public void close() {
        turn.lock();
        try {
            closed = true;
            forget();
        } finally {
            turn.unlock();
        }
    }
}
