package dev.rmb.twins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rmb.broker.BrokerSettings;
import dev.rmb.broker.EmbeddedBroker;
import dev.rmb.kafka.KafkaSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TwinRegistryTest {
    @TempDir static Path data;

    private static EmbeddedBroker broker;

    private KafkaSettings settings;
    private TwinRegistry registry;

    @BeforeAll
    static void startBroker() {
        broker = EmbeddedBroker.start(data, BrokerSettings.onFreePort());
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @BeforeEach
    void makeRegistry() {
        settings = RegistryTopic.make(broker);
        registry = new TwinRegistry(settings);
    }

    @AfterEach
    void closeRegistry() {
        registry.close();
    }

    @Test
    void idsAreGivenUpwardsFromTheHighest() {
        assertThat(registry.create(anyId(1))).isEqualTo(made(Twins.bare(1), 1));
        assertThat(registry.create(withId(40, 2))).isEqualTo(made(Twins.bare(2), 40));
        assertThat(registry.create(anyId(3))).isEqualTo(made(Twins.bare(3), 41));
    }

    @Test
    void anIdOrAnAccountBelongsToOneTwin() {
        registry.create(withId(1, 1));

        assertThat(registry.create(withId(1, 2)))
                .isEqualTo(new TwinChange.Conflict("twin 1 exists"));
        assertThat(registry.create(anyId(1)))
                .isEqualTo(new TwinChange.Conflict("account " + Twins.account(1) + " is twin 1"));
        registry.create(withId(2, 2));
        assertThat(
                        registry.update(
                                2, twin -> new Twin(2, Twins.account(1), twin.relay(), twin.pk())))
                .isEqualTo(new TwinChange.Conflict("account " + Twins.account(1) + " is twin 1"));
    }

    @Test
    void theIdOfADeletedTwinIsNotGivenAgainByItself() {
        registry.create(withId(5, 1));
        assertThat(registry.delete(5)).isEqualTo(made(Twins.bare(1), 5));

        // Another pod, that has never seen the twin, either.
        try (var other = new TwinRegistry(settings)) {
            assertThat(other.create(anyId(2))).isEqualTo(made(Twins.bare(2), 6));
            assertThat(other.create(withId(5, 3))).isEqualTo(made(Twins.bare(3), 5));
        }
    }

    @Test
    void aDeletedTwinsAccountIsFreeAgain() {
        registry.create(withId(5, 1));
        registry.delete(5);

        assertThat(registry.create(withId(9, 1))).isEqualTo(made(Twins.bare(1), 9));
    }

    @Test
    void whatDoesNotExistIsNeitherChangedNorDeleted() {
        assertThat(registry.update(5, twin -> twin)).isEqualTo(new TwinChange.Unknown(5));
        assertThat(registry.delete(5)).isEqualTo(new TwinChange.Unknown(5));
    }

    @Test
    void aChangeKeepsWhatItDoesNotTouch() {
        registry.create(new NewTwin(7L, Twins.account(7), "r.example.org", Twins.pk(7)));

        registry.update(7, twin -> new Twin(7, twin.account(), "other.example.org", twin.pk()));

        assertThat(registry.update(7, twin -> twin))
                .isEqualTo(
                        new TwinChange.Made(
                                new Twin(7, Twins.account(7), "other.example.org", Twins.pk(7))));
    }

    @Test
    void aRecordThatIsNotValidIsRefusedBeforeItIsWritten() {
        registry.create(withId(7, 7));

        assertThatThrownBy(() -> new NewTwin(8L, Twins.account(8), "", null))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new NewTwin(8L, Twins.account(8), null, new byte[32]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> registry.update(7, t -> new Twin(7, t.account(), "a b", null)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> registry.update(7, t -> Twins.bare(8)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(registry.update(7, twin -> twin)).isEqualTo(made(Twins.bare(7), 7));
    }

    @Test
    void podsThatWriteAtTheSameTimeDoNotOverwriteEachOther() throws Exception {
        int pods = 3;
        int each = 15;
        Set<Long> ids = ConcurrentHashMap.newKeySet();
        List<Callable<Void>> work = new ArrayList<>();
        for (int pod = 0; pod < pods; pod++) {
            int first = pod * each;
            work.add(() -> {
                try (var own = new TwinRegistry(settings)) {
                    for (int i = 1; i <= each; i++) {
                        ids.add(idOf(own.create(anyId(first + i))));
                    }
                }
                return null;
            });
        }
        var threads = Executors.newFixedThreadPool(pods);
        try {
            for (Future<Void> done : threads.invokeAll(work, 100, TimeUnit.SECONDS)) {
                done.get();
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(ids).hasSize(pods * each);
        try (var directory = RegistryTwinDirectory.start(settings)) {
            directory.caughtUp().toCompletableFuture().get(30, TimeUnit.SECONDS);
            assertThat(directory.list(0, 1000).twins())
                    .extracting(Twin::id)
                    .containsExactlyInAnyOrderElementsOf(ids);
            assertThat(directory.list(0, 1000).twins())
                    .extracting(Twin::account)
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void ofTwoPodsThatWantOneAccountOneGetsIt() throws Exception {
        var threads = Executors.newFixedThreadPool(2);
        try (var other = new TwinRegistry(settings)) {
            Callable<TwinChange> here = () -> registry.create(anyId(1));
            Callable<TwinChange> there = () -> other.create(anyId(1));
            List<TwinChange> changes = new ArrayList<>();
            for (Future<TwinChange> done :
                    threads.invokeAll(List.of(here, there), 60, TimeUnit.SECONDS)) {
                changes.add(done.get());
            }

            assertThat(changes).filteredOn(TwinChange.Made.class::isInstance).hasSize(1);
            assertThat(changes).filteredOn(TwinChange.Conflict.class::isInstance).hasSize(1);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void whatAPodWroteIsSeenByAnotherThatWroteBefore() {
        try (var other = new TwinRegistry(settings)) {
            assertThat(registry.create(withId(1, 1))).isInstanceOf(TwinChange.Made.class);
            assertThat(other.create(withId(2, 2))).isInstanceOf(TwinChange.Made.class);
            assertThat(registry.create(withId(2, 3))).isInstanceOf(TwinChange.Conflict.class);
            assertThat(registry.create(withId(3, 3))).isInstanceOf(TwinChange.Made.class);
            assertThat(other.delete(3)).isInstanceOf(TwinChange.Made.class);
        }
    }

    @Test
    void aClosedRegistryTakesNothing() {
        registry.close();

        assertThatThrownBy(() -> registry.create(anyId(1)))
                .isInstanceOfSatisfying(
                        DirectoryException.class, e -> assertThat(e.isRetryable()).isTrue());
    }

    private static NewTwin anyId(int account) {
        return new NewTwin(null, Twins.account(account), null, null);
    }

    private static NewTwin withId(long id, int account) {
        return new NewTwin(id, Twins.account(account), null, null);
    }

    /** A change that gave {@code like}'s account, relay and key the id {@code id}. */
    private static TwinChange made(Twin like, long id) {
        return new TwinChange.Made(new Twin(id, like.account(), like.relay(), like.pk()));
    }

    private static long idOf(TwinChange change) {
        assertThat(change).isInstanceOf(TwinChange.Made.class);
        return ((TwinChange.Made) change).twin().id();
    }
}
