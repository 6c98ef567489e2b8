package dev.rmb.twins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rmb.tfchain.ChainSettings;
import dev.rmb.tfchain.fake.FakeChain;
import dev.rmb.tfchain.fake.FakeNode;
import dev.rmb.tfchain.twin.ChainTwin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** On a fake chain with two nodes. */
final class TfchainTwinDirectoryTest extends TwinDirectoryContract {
    private static final Duration UNKNOWN_FOR = Duration.ofSeconds(10);

    private final FakeChain chain = new FakeChain();
    private final FakeNode first = FakeNode.start(chain);
    private final FakeNode second = FakeNode.start(chain);
    private final AtomicLong clock = new AtomicLong();
    private final List<Twin> held = new ArrayList<>();
    private final TfchainTwinDirectory directory =
            TfchainTwinDirectory.start(
                    new ChainSettings(
                            List.of(first.uri(), second.uri()),
                            Duration.ofSeconds(5),
                            Duration.ofSeconds(1),
                            Duration.ofSeconds(5),
                            Duration.ofSeconds(30),
                            Duration.ofMillis(100),
                            Duration.ofMillis(20),
                            Duration.ofMillis(200)),
                    new CacheSettings(1000, UNKNOWN_FOR),
                    clock::get);

    @AfterEach
    void close() {
        directory.close();
        first.close();
        second.close();
    }

    @Override
    void given(List<Twin> twins) {
        chain.block(draft -> {
            held.stream()
                    .filter(old -> twins.stream().noneMatch(twin -> twin.id() == old.id()))
                    .forEach(old -> draft.delete(onChain(old)));
            // An account's id would stay behind: on the real chain accounts do not change.
            held.stream()
                    .filter(old -> twins.stream().anyMatch(twin -> moved(old, twin)))
                    .forEach(old -> draft.delete(onChain(old)));
            twins.stream()
                    .filter(twin -> !held.contains(twin))
                    .forEach(twin -> draft.put(onChain(twin)));
        });
        held.clear();
        held.addAll(twins);
    }

    private static boolean moved(Twin old, Twin now) {
        return old.id() == now.id() && !old.account().equals(now.account());
    }

    @Override
    TwinDirectory directory() {
        return directory;
    }

    private static ChainTwin onChain(Twin twin) {
        return new ChainTwin(twin.id(), twin.account(), twin.relay(), twin.pk());
    }

    private static Twin at(long id, String relay) {
        return new Twin(id, Twins.account(id), relay, null);
    }

    private void following() {
        Awaitility.await().atMost(SOON).until(directory::isFollowing);
    }

    private long asked() {
        return first.calls("state_queryStorageAt") + second.calls("state_queryStorageAt");
    }

    @Test
    void aKnownTwinIsNotAskedForAgainAndAChangeIsSeenWithoutAsking() throws Exception {
        given(List.of(at(7, "a")));
        assertThat(now(directory.byId(7))).contains(at(7, "a"));
        following();
        long before = asked();

        given(List.of(at(7, "b")));
        Awaitility.await()
                .atMost(SOON)
                .untilAsserted(() -> assertThat(now(directory.byId(7))).contains(at(7, "b")));
        assertThat(now(directory.byId(7))).contains(at(7, "b"));

        assertThat(asked()).isEqualTo(before);
        assertThat(directory.size()).isEqualTo(1);
    }

    @Test
    void aThousandSessionsOfOneTwinCostOneLookUp() throws Exception {
        given(List.of(at(7, "a")));
        first.slow(Duration.ofMillis(200));
        List<CompletionStage<Optional<Twin>>> answers = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            answers.add(directory.byId(7));
        }
        for (CompletionStage<Optional<Twin>> answer : answers) {
            assertThat(now(answer)).contains(at(7, "a"));
        }

        assertThat(asked()).isEqualTo(1);
        assertThat(directory.counts().misses()).isEqualTo(1);
    }

    @Test
    void thatThereIsNoTwinIsBelievedForAShortTimeOrUntilThereIsOne() throws Exception {
        following();
        assertThat(now(directory.byId(7))).isEmpty();
        assertThat(now(directory.byAccount(Twins.account(7)))).isEmpty();
        long before = asked();
        assertThat(now(directory.byId(7))).isEmpty();
        assertThat(now(directory.byAccount(Twins.account(7)))).isEmpty();
        assertThat(asked()).isEqualTo(before);

        clock.addAndGet(UNKNOWN_FOR.toNanos() + 1);
        assertThat(now(directory.byId(7))).isEmpty();
        assertThat(asked()).isEqualTo(before + 1);

        given(List.of(at(7, "a")));
        Awaitility.await()
                .atMost(SOON)
                .untilAsserted(() -> assertThat(now(directory.byId(7))).contains(at(7, "a")));
        assertThat(now(directory.byAccount(Twins.account(7)))).contains(at(7, "a"));
    }

    @Test
    void withoutANodeWhatIsKnownIsAnsweredAndOnlyTheUnknownRefused() throws Exception {
        given(List.of(at(7, "a"), at(8, "a")));
        assertThat(now(directory.byId(7))).contains(at(7, "a"));
        following();
        assertThat(directory.counts().stale()).isZero();

        first.refuse(true);
        second.refuse(true);
        Awaitility.await().atMost(SOON).until(() -> !directory.isFollowing());

        assertThat(now(directory.byId(7))).contains(at(7, "a"));
        assertThat(directory.counts().stale()).isEqualTo(1);
        assertThatThrownBy(() -> now(directory.byId(8)))
                .cause()
                .isInstanceOfSatisfying(
                        DirectoryException.class, e -> assertThat(e.isRetryable()).isTrue());
        assertThat(directory.counts().failures()).isEqualTo(1);

        given(List.of(at(7, "b"), at(8, "a")));
        second.heal();
        Awaitility.await()
                .atMost(SOON)
                .ignoreExceptions()
                .untilAsserted(() -> {
                    assertThat(now(directory.byId(7))).contains(at(7, "b"));
                    assertThat(now(directory.byId(8))).contains(at(8, "a"));
                });
    }

    @Test
    void throughFailoverNoChangeIsMissed() throws Exception {
        List<Twin> twins = new ArrayList<>();
        for (int id = 1; id <= 20; id++) {
            twins.add(at(id, "r0"));
        }
        given(twins);
        for (int id = 1; id <= 20; id++) {
            assertThat(now(directory.byId(id))).isPresent();
        }
        for (int round = 1; round <= 6; round++) {
            FakeNode down = round % 2 == 0 ? second : first;
            FakeNode up = round % 2 == 0 ? first : second;
            up.heal();
            down.refuse(true);
            twins.clear();
            for (int id = 1; id <= 20; id++) {
                twins.add(at(id, "r" + round));
            }
            given(twins);
            chain.blocks(round * 10);
            List<Twin> wanted = List.copyOf(twins);
            Awaitility.await()
                    .atMost(SOON)
                    .untilAsserted(() -> {
                        for (Twin twin : wanted) {
                            assertThat(now(directory.byId(twin.id()))).contains(twin);
                        }
                    });
        }
    }

    @Test
    void aGapOfMoreThanSixHundredBlocksDropsWhatWasKnown() throws Exception {
        given(List.of(at(7, "a")));
        assertThat(now(directory.byId(7))).contains(at(7, "a"));
        following();
        first.refuse(true);
        second.refuse(true);
        Awaitility.await().atMost(SOON).until(() -> !directory.isFollowing());
        // Without an event: it would not be seen by reading the blocks.
        chain.block(draft -> draft.putSilently(onChain(at(7, "b"))));
        chain.blocks(600);
        assertThat(now(directory.byId(7))).contains(at(7, "a"));

        first.heal();

        Awaitility.await()
                .atMost(SOON)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(now(directory.byId(7))).contains(at(7, "b")));
    }

    @Test
    void whatABranchTookBackIsAskedForAnew() throws Exception {
        chain.blocks(5);
        given(List.of(at(7, "a")));
        assertThat(now(directory.byId(7))).contains(at(7, "a"));
        following();
        given(List.of(at(7, "b")));
        Awaitility.await()
                .atMost(SOON)
                .untilAsserted(() -> assertThat(now(directory.byId(7))).contains(at(7, "b")));

        chain.reorganise(1, draft -> {});

        Awaitility.await()
                .atMost(SOON)
                .untilAsserted(() -> assertThat(now(directory.byId(7))).contains(at(7, "a")));
    }

    @Test
    void aRuntimeWithOtherNumbersIsFollowed() throws Exception {
        given(List.of(at(7, "a")));
        assertThat(now(directory.byId(7))).contains(at(7, "a"));
        following();
        chain.upgrade(chain.runtime().moved());
        given(List.of(at(7, "b"), at(8, "b")));

        Awaitility.await()
                .atMost(SOON)
                .untilAsserted(() -> assertThat(now(directory.byId(7))).contains(at(7, "b")));
        assertThat(now(directory.byId(8))).contains(at(8, "b"));
    }

    @Test
    void watchersHearOfChanges() throws Exception {
        following();
        var heard = new ConcurrentLinkedQueue<Long>();
        try (var watch = directory.watch(heard::add)) {
            given(List.of(at(7, "a")));
            Awaitility.await()
                    .atMost(SOON)
                    .untilAsserted(() -> assertThat(heard).containsExactly(7L));
            assertThat(watch).isNotNull();
        }
        given(List.of(at(7, "b")));
        Awaitility.await()
                .atMost(SOON)
                .untilAsserted(() -> assertThat(now(directory.byId(7))).contains(at(7, "b")));
        assertThat(heard).containsExactly(7L);
    }
}
