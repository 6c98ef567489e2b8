package dev.rmb.tfchain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.rmb.protocol.identity.AccountId;
import dev.rmb.protocol.identity.KeyPair;
import dev.rmb.protocol.identity.KeyType;
import dev.rmb.tfchain.extrinsic.Outcome;
import dev.rmb.tfchain.fake.FakeChain;
import dev.rmb.tfchain.fake.FakeNode;
import dev.rmb.tfchain.scale.ScaleException;
import dev.rmb.tfchain.twin.ChainTwin;
import dev.rmb.tfchain.twin.TwinLayout;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ChainTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    private final FakeChain fake = new FakeChain();
    private final FakeNode first = FakeNode.start(fake);
    private final FakeNode second = FakeNode.start(fake);
    private final RecordedChanges changes = new RecordedChanges();
    private @Nullable Chain opened;

    @BeforeEach
    void someBlocks() {
        fake.blocks(3);
    }

    @AfterEach
    void close() {
        if (opened != null) {
            opened.close();
        }
        first.close();
        second.close();
    }

    static ChainTwin twin(long id, @Nullable String relay) {
        return new ChainTwin(id, account(id), relay, null);
    }

    static AccountId account(long number) {
        return AccountId.of(ByteBuffer.allocate(32).putLong(number).putLong(24, ~number).array());
    }

    private Chain chain(URI... urls) {
        opened = Chain.start(settings(urls), changes);
        return opened;
    }

    static ChainSettings settings(URI... urls) {
        return new ChainSettings(
                List.of(urls),
                Duration.ofSeconds(5),
                Duration.ofSeconds(1),
                Duration.ofSeconds(5),
                Duration.ofSeconds(30),
                Duration.ofMillis(100),
                Duration.ofMillis(20),
                Duration.ofMillis(200));
    }

    /** Waits until the blocks so far are read; what is heard of from then on counts. */
    private void following() {
        Awaitility.await().atMost(SOON).until(changes::isFollowing);
        changes.clear();
    }

    private void heard(String... wanted) {
        Awaitility.await()
                .atMost(SOON)
                .untilAsserted(() -> assertThat(changes.heard()).containsExactly(wanted));
    }

    private static <T> T now(CompletionStage<T> answer) throws Exception {
        return answer.toCompletableFuture().get(SOON.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    void twinsAreFoundByIdAndByAccount() throws Exception {
        var pk = new byte[] {2, 3};
        var full = new ChainTwin(9, account(9), "r1_r2", pk);
        fake.put(twin(7, null), full);
        Chain chain = chain(first.uri());

        assertThat(now(chain.twin(7))).contains(twin(7, null));
        assertThat(now(chain.twin(9))).contains(full);
        assertThat(now(chain.twin(8))).isEmpty();
        assertThat(now(chain.twin(account(9)))).contains(full);
        assertThat(now(chain.twin(account(8)))).isEmpty();
    }

    @Test
    void manyLookUpsShareRequests() throws Exception {
        for (int id = 1; id <= 500; id++) {
            long twin = id;
            fake.block(draft -> draft.putSilently(twin(twin, null)));
        }
        Chain chain = chain(first.uri());
        assertThat(now(chain.twin(1))).isPresent();
        long before = first.calls("state_queryStorageAt");

        List<CompletionStage<Optional<ChainTwin>>> asked = new ArrayList<>();
        for (int id = 1; id <= 500; id++) {
            asked.add(chain.twin(id));
        }
        for (int id = 1; id <= 500; id++) {
            assertThat(now(asked.get(id - 1))).contains(twin(id, null));
        }

        assertThat(first.calls("state_queryStorageAt") - before).isLessThan(100);
    }

    @Test
    void aNodeThatAnswersOneValueAtATimeWillDo() throws Exception {
        fake.put(twin(7, "a"), twin(8, "b"));
        first.lack("state_queryStorageAt");
        Chain chain = chain(first.uri());

        var seven = chain.twin(7);
        var eight = chain.twin(8);
        var nine = chain.twin(9);
        assertThat(now(seven)).contains(twin(7, "a"));
        assertThat(now(eight)).contains(twin(8, "b"));
        assertThat(now(nine)).isEmpty();
        assertThat(now(chain.twin(account(8)))).contains(twin(8, "b"));
        assertThat(first.calls("state_queryStorageAt")).isBetween(1L, 3L);
    }

    @Test
    void changesAreHeardBlockByBlockAndTheLastWordCounts() {
        chain(first.uri());
        following();

        fake.put(twin(7, "a"));
        heard("7 at a");
        fake.put(twin(7, "b"));
        heard("7 at a", "7 at b");
        fake.delete(twin(7, "b"));
        heard("7 at a", "7 at b", "7 gone");
        fake.block(draft -> draft.put(twin(8, "a")).put(twin(8, "b")));
        heard("7 at a", "7 at b", "7 gone", "8 at b");
    }

    @Test
    void blocksMadeWhileAwayAreCaughtUp() {
        chain(first.uri());
        following();
        first.refuse(true);
        Awaitility.await().atMost(SOON).until(() -> !changes.isFollowing());

        fake.put(twin(7, "a"));
        fake.blocks(100);
        fake.put(twin(7, "b"));
        fake.blocks(50);
        first.heal();

        heard("7 at b");
    }

    @Test
    void aGapOfMoreThanSixHundredBlocksIsNotCaughtUp() {
        chain(first.uri());
        following();
        first.refuse(true);
        Awaitility.await().atMost(SOON).until(() -> !changes.isFollowing());

        fake.put(twin(7, "a"));
        fake.blocks(600);
        first.heal();
        heard("missed");

        fake.put(twin(7, "b"));
        heard("missed", "7 at b");
    }

    @Test
    void whatAReplacedBranchSaidIsTakenBack() {
        chain(first.uri());
        following();
        fake.put(twin(7, "a"), twin(8, "a"));
        fake.put(twin(9, "a"));
        heard("7 at a", "8 at a", "9 at a");
        changes.clear();

        fake.reorganise(2, draft -> draft.put(twin(8, "b")));

        Awaitility.await()
                .atMost(SOON)
                .untilAsserted(() -> {
                    assertThat(changes.heard()).contains("8 at b");
                    assertThat(changes.heard().stream().filter(h -> h.startsWith("retracted")))
                            .hasSize(1)
                            .allMatch(h -> h.contains("7") && h.contains("9"));
                });
    }

    @Test
    void aBranchThatReplacesEverythingReadLeavesNothingKnown() {
        chain(first.uri());
        following();

        fake.reorganise(3, draft -> draft.put(twin(7, "b")));

        Awaitility.await()
                .atMost(SOON)
                .untilAsserted(() -> assertThat(changes.heard()).contains("missed"));
        fake.put(twin(8, "b"));
        Awaitility.await()
                .atMost(SOON)
                .untilAsserted(() -> assertThat(changes.heard()).contains("8 at b"));
    }

    @Test
    void aBranchThatTakesOverWhileTheNodeIsAskedIsReadFromItsBeginning() {
        chain(first.uri());
        following();
        fake.blocks(4);
        fake.put(twin(7, "a"));
        heard("7 at a");
        changes.clear();

        // Between the question which blocks are known still and that for those behind them.
        first.before(
                "chain_getBlockHash",
                () ->
                        first.before(
                                "chain_getBlockHash",
                                () -> fake.reorganise(2, draft -> draft.put(twin(8, "b")))));
        fake.blocks(1);

        Awaitility.await()
                .atMost(SOON)
                .untilAsserted(() ->
                        assertThat(changes.heard()).containsExactly("retracted [7]", "8 at b"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0xffffffffffffffff", "0x7fffffffffffffff", "0x100000000", "0x", "7"})
    void whatIsNoNumberOfABlockIsRefused(String number) {
        var header = JsonNodeFactory.instance.objectNode().put("number", number);

        assertThatThrownBy(() -> Answers.number(header)).isInstanceOf(ScaleException.class);
    }

    @Test
    void whatWasLookedUpInABlockThatWasReplacedBeforeItWasReadIsTakenBack() throws Exception {
        Chain chain = chain(first.uri());
        following();
        fake.put(twin(7, "a"));
        heard("7 at a");
        first.stall(true);
        fake.put(twin(7, "b"));
        assertThat(now(chain.twin(7))).contains(twin(7, "b"));
        first.stall(false);
        changes.clear();

        fake.reorganise(1, draft -> {});

        heard("retracted [7]");
        assertThat(now(chain.twin(7))).contains(twin(7, "a"));
    }

    @Test
    void whatIsLookedUpInABlockThatIsReadStays() throws Exception {
        fake.put(twin(7, "a"), twin(8, "a"));
        Chain chain = chain(first.uri());
        following();
        assertThat(now(chain.twin(7))).isPresent();
        first.stall(true);
        fake.blocks(1);
        assertThat(now(chain.twin(8))).isPresent();
        first.stall(false);

        fake.put(twin(9, "a"));

        heard("9 at a");
    }

    @Test
    void aNodeThatIsALittleBehindTakesNothingBack() throws Exception {
        var late = new FakeChain();
        late.blocks(3);
        try (FakeNode behind = FakeNode.start(late)) {
            followThenFailOver(behind);

            // The same blocks, a little later.
            late.put(twin(7, "a"));
            late.put(twin(8, "a"));
            heard("8 at a");
            late.put(twin(7, "b"));
            heard("8 at a", "7 at b");
        }
    }

    @Test
    void aNodeThatWasBehindAndGoesAnotherWayTakesBackWhatOthersHad() throws Exception {
        var late = new FakeChain();
        late.blocks(3);
        try (FakeNode behind = FakeNode.start(late)) {
            followThenFailOver(behind);

            behind.stall(true);
            late.blocks(1);
            behind.stall(false);
            late.reorganise(1, draft -> draft.put(twin(8, "c")));
            Awaitility.await()
                    .atMost(SOON)
                    .untilAsserted(() ->
                            assertThat(changes.heard()).containsExactly("retracted [7]", "8 at c"));
        }
    }

    /** Reads three blocks from one node that another has not got. */
    private void followThenFailOver(FakeNode behind) {
        chain(first.uri(), behind.uri());
        following();
        fake.put(twin(7, "a"));
        heard("7 at a");
        fake.put(twin(8, "a"));
        heard("7 at a", "8 at a");
        fake.put(twin(7, "b"));
        heard("7 at a", "8 at a", "7 at b");
        first.refuse(true);
        Awaitility.await().atMost(SOON).until(() -> behind.connections() == 1);
        Awaitility.await().atMost(SOON).until(changes::isFollowing);
        changes.clear();
    }

    @Test
    void aRuntimeThatMovesItsNumbersIsFollowed() throws Exception {
        Chain chain = chain(first.uri());
        following();
        fake.put(twin(7, "a"));
        heard("7 at a");

        fake.upgrade(fake.runtime().moved());
        fake.put(twin(8, "b"));
        heard("7 at a", "8 at b");
        fake.put(twin(8, "c"));

        heard("7 at a", "8 at b", "8 at c");
        assertThat(now(chain.twin(8))).contains(twin(8, "c"));
        assertThat(changes.heard()).doesNotContain("missed");
    }

    @Test
    void aRuntimeThatChangedWhileAwayIsCaughtUpToo() {
        chain(first.uri());
        following();
        first.refuse(true);
        Awaitility.await().atMost(SOON).until(() -> !changes.isFollowing());
        fake.put(twin(7, "a"));
        fake.upgrade(fake.runtime().moved());
        fake.put(twin(8, "b"));
        fake.put(twin(8, "c"));
        first.heal();

        heard("7 at a", "8 at c");
    }

    /** Ways in which a node may be of no use. */
    enum Fault {
        CUT {
            @Override
            void strike(FakeNode node) {
                node.refuse(true);
            }
        },
        SLOW {
            @Override
            void strike(FakeNode node) {
                node.slow(Duration.ofSeconds(4));
            }
        },
        ERRORS {
            @Override
            void strike(FakeNode node) {
                node.fail("state_queryStorageAt");
            }
        },
        GARBAGE_JSON {
            @Override
            void strike(FakeNode node) {
                node.answer("state_queryStorageAt", JsonNodeFactory.instance.textNode("what?"));
            }
        },
        GARBAGE_SCALE {
            @Override
            void strike(FakeNode node) {
                node.answer(
                        "state_queryStorageAt",
                        JsonNodeFactory.instance
                                .arrayNode()
                                .add(
                                        JsonNodeFactory.instance
                                                .objectNode()
                                                .set(
                                                        "changes",
                                                        JsonNodeFactory.instance
                                                                .arrayNode()
                                                                .add(
                                                                        JsonNodeFactory.instance
                                                                                .arrayNode()
                                                                                .add(KEY_OF_8)
                                                                                .add(
                                                                                        "0xfffefd")))));
            }
        };

        private static final String KEY_OF_8 =
                "0x" + Vectors.hex(new TwinLayout(Vectors.metadata()).twinKey(8));

        abstract void strike(FakeNode node);
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void aNodeThatFailsIsLeftForTheOther(Fault fault) throws Exception {
        fake.put(twin(7, "a"), twin(8, "a"));
        Chain chain = chain(first.uri(), second.uri());
        assertThat(now(chain.twin(7))).contains(twin(7, "a"));
        following();

        fault.strike(first);

        assertThat(now(chain.twin(8))).contains(twin(8, "a"));
        // One that is shutting down may have answered that still.
        Awaitility.await().atMost(SOON).until(() -> second.connections() == 1);
        Awaitility.await().atMost(SOON).until(changes::isFollowing);
        fake.put(twin(7, "b"));
        heard("7 at b");
    }

    @Test
    void aNodeThatStandsStillIsLeftForTheOther() {
        var impatient =
                new ChainSettings(
                        List.of(first.uri(), second.uri()),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(5),
                        Duration.ofMillis(700),
                        Duration.ofMillis(50),
                        Duration.ofMillis(20),
                        Duration.ofMillis(200));
        opened = Chain.start(impatient, changes);
        Awaitility.await().atMost(SOON).until(changes::isFollowing);
        first.stall(true);
        fake.put(twin(7, "a"));

        Awaitility.await()
                .atMost(SOON)
                .untilAsserted(() -> assertThat(changes.heard()).contains("7 at a"));
    }

    @Test
    void aNodeOfAnotherChainIsNotUsed() throws Exception {
        var other = new FakeChain();
        other.block(draft -> {});
        try (FakeNode stranger = FakeNode.start(other)) {
            // Its first block differs in nothing but what it is told here.
            stranger.answer(
                    "chain_getBlockHash",
                    JsonNodeFactory.instance.textNode("0x" + "ab".repeat(32)));
            fake.put(twin(7, "a"));
            Chain chain = chain(first.uri(), stranger.uri());
            assertThat(now(chain.twin(7))).isPresent();

            first.refuse(true);
            // Until its connections have ended, it may still answer.
            Awaitility.await().atMost(SOON).until(() -> first.connections() == 0);

            assertThatThrownBy(() -> now(chain.twin(7)))
                    .isInstanceOf(ExecutionException.class)
                    .hasMessageContaining("another chain");
        }
    }

    @Test
    void whileNoNodeAnswersLookUpsFailSoonAndNodesAreNotTriedInAHotLoop() throws Exception {
        first.refuse(true);
        second.refuse(true);
        Chain chain = chain(first.uri(), second.uri());

        for (int i = 0; i < 20; i++) {
            assertThatThrownBy(() -> now(chain.twin(7)))
                    .cause()
                    .isInstanceOfSatisfying(
                            ChainException.class, e -> assertThat(e.isRetryable()).isTrue());
        }

        long before = first.attempts() + second.attempts();
        Awaitility.await()
                .pollDelay(Duration.ofSeconds(1))
                .atMost(SOON)
                .until(() -> first.attempts() + second.attempts() > before);
        assertThat(first.attempts() + second.attempts() - before).isLessThan(40);

        fake.put(twin(7, "a"));
        second.heal();
        Awaitility.await()
                .atMost(SOON)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(now(chain.twin(7))).isPresent());
    }

    @Test
    void eventsThatNobodyCanReadAreGivenUpAndWhatFollowsIsHeard() {
        chain(first.uri(), second.uri());
        following();
        for (FakeNode node : List.of(first, second)) {
            node.answer("state_getStorage", JsonNodeFactory.instance.textNode("0x08ffffff"));
        }
        fake.put(twin(7, "a"));
        Awaitility.await()
                .atMost(SOON)
                .untilAsserted(() -> assertThat(changes.heard()).contains("missed"));

        first.heal();
        second.heal();
        fake.put(twin(8, "a"));
        Awaitility.await()
                .atMost(SOON)
                .untilAsserted(() -> assertThat(changes.heard()).contains("8 at a"));
    }

    @ParameterizedTest
    @EnumSource(KeyType.class)
    void aTwinIsRegisteredAndUpdated(KeyType type) throws Exception {
        fake.blocks(100);
        Chain chain = chain(first.uri());
        try (var key = KeyPair.of(type, "//Alice")) {
            var created =
                    (Outcome.Done) now(chain.createTwin(key, "r1.example.org", new byte[] {2}));
            assertThat(created.events().stream().map(event -> event.name()))
                    .containsExactly("TwinStored", "ExtrinsicSuccess");
            ChainTwin twin = now(chain.twin(key.account())).orElseThrow();
            assertThat(twin.has("r1.example.org", new byte[] {2})).isTrue();

            assertThat(now(chain.updateTwin(key, null, null))).isInstanceOf(Outcome.Done.class);
            assertThat(now(chain.twin(twin.id())).orElseThrow().has(null, null)).isTrue();
        }
    }

    @Test
    void aTransactionThatFailsInItsBlockIsNamed() throws Exception {
        Chain chain = chain(first.uri());
        try (var key = KeyPair.of(KeyType.SR25519, "//Bob")) {
            assertThat(now(chain.updateTwin(key, null, null)))
                    .isInstanceOfSatisfying(
                            Outcome.Failed.class,
                            failed ->
                                    assertThat(failed.reason())
                                            .startsWith("TfgridModule.TwinNotExists"));
            assertThat(now(chain.createTwin(key, null, null))).isInstanceOf(Outcome.Done.class);
            assertThat(now(chain.createTwin(key, null, null)))
                    .isInstanceOfSatisfying(
                            Outcome.Failed.class,
                            failed ->
                                    assertThat(failed.reason())
                                            .startsWith("TfgridModule.TwinExists"));
        }
    }

    @Test
    void manyTransactionsAtOnceHaveNoncesOfTheirOwn() throws Exception {
        Chain chain = chain(first.uri());
        try (var key = KeyPair.of(KeyType.ED25519, "//Carol")) {
            fake.mine(false);
            List<CompletionStage<Outcome>> sent = new ArrayList<>();
            sent.add(chain.createTwin(key, "r0", null));
            for (int i = 1; i <= 5; i++) {
                sent.add(chain.updateTwin(key, "r" + i, null));
            }
            Awaitility.await()
                    .atMost(SOON)
                    .until(() -> first.calls("author_submitAndWatchExtrinsic") == 6);
            fake.mine(true);

            for (CompletionStage<Outcome> one : sent) {
                assertThat(now(one)).isInstanceOf(Outcome.Done.class);
            }
            assertThat(now(chain.twin(key.account())).orElseThrow().relay()).isEqualTo("r5");
        }
    }

    @Test
    void aNonceThatWasUsedMeanwhileIsAskedForAgain() throws Exception {
        Chain chain = chain(first.uri());
        try (var key = KeyPair.of(KeyType.ED25519, "//Dave")) {
            fake.useNonce(key.account());
            first.answer("system_accountNextIndex", JsonNodeFactory.instance.numberNode(0));
            var outcome = chain.createTwin(key, null, null);
            Awaitility.await()
                    .atMost(SOON)
                    .until(() -> first.calls("author_submitAndWatchExtrinsic") >= 1);
            first.heal();

            assertThat(now(outcome)).isInstanceOf(Outcome.Done.class);
        }
    }

    @Test
    void whereNothingBecomesFinalTransactionsAreTakenAllTheSame() throws Exception {
        fake.neverFinal();
        fake.blocks(100);
        Chain chain = chain(first.uri());
        try (var key = KeyPair.of(KeyType.ED25519, "//Grace")) {
            assertThat(now(chain.createTwin(key, null, null))).isInstanceOf(Outcome.Done.class);
        }
    }

    @Test
    void aTransactionThatWaitsForItsNextAttemptEndsWithTheChain() {
        Chain chain = chain(first.uri());
        try (var key = KeyPair.of(KeyType.ED25519, "//Heidi")) {
            fake.useNonce(key.account());
            first.answer("system_accountNextIndex", JsonNodeFactory.instance.numberNode(0));
            var outcome = chain.createTwin(key, null, null);
            Awaitility.await()
                    .atMost(SOON)
                    .until(() -> first.calls("author_submitAndWatchExtrinsic") >= 1);

            chain.close();

            assertThatThrownBy(() -> now(outcome)).isInstanceOf(ExecutionException.class);
        }
    }

    @Test
    void aTransactionThatTheNodeRefusesSaysWhy() throws Exception {
        Chain chain = chain(first.uri());
        first.fail("author_submitAndWatchExtrinsic");
        try (var key = KeyPair.of(KeyType.ED25519, "//Eve")) {
            assertThat(now(chain.createTwin(key, null, null)))
                    .isEqualTo(new Outcome.Refused("Internal error"));
        }
    }

    @Test
    void aNodeLostBeforeTheBlockLeavesTheOutcomeUnknown() throws Exception {
        Chain chain = chain(first.uri());
        try (var key = KeyPair.of(KeyType.ED25519, "//Ferdie")) {
            fake.mine(false);
            var outcome = chain.createTwin(key, null, null);
            Awaitility.await()
                    .atMost(SOON)
                    .until(() -> first.calls("author_submitAndWatchExtrinsic") == 1);
            Awaitility.await().atMost(SOON).until(() -> fake.waiting() == 1);
            first.cut();

            assertThatThrownBy(() -> now(outcome)).hasMessageContaining("lost before");
            fake.mine(true);
            Awaitility.await()
                    .atMost(SOON)
                    .untilAsserted(() -> assertThat(now(chain.twin(key.account()))).isPresent());
        }
    }

    @Test
    void transactionsFitTheRuntimeOfNow() throws Exception {
        Chain chain = chain(first.uri());
        following();
        fake.upgrade(fake.runtime().moved());
        fake.put(twin(100, "a"));
        heard("100 at a");
        try (var key = KeyPair.of(KeyType.SR25519, "//Alice")) {
            Awaitility.await()
                    .atMost(SOON)
                    .untilAsserted(() ->
                            assertThat(now(chain.createTwin(key, "r", null)))
                                    .isInstanceOf(Outcome.Done.class));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://a", "ws:", "a.example.org", "ws:///x"})
    void whatIsNoUrlOfANodeIsRefused(String url) {
        assertThatThrownBy(() -> ChainSettings.of(List.of(URI.create(url))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aChainNeedsANode() {
        assertThatThrownBy(() -> ChainSettings.of(List.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aClosedChainRefusesAtOnce() throws Exception {
        Chain chain = chain(first.uri());
        assertThat(now(chain.twin(7))).isEmpty();
        chain.close();
        chain.close();

        assertThatThrownBy(() -> now(chain.twin(7))).isInstanceOf(ExecutionException.class);
        Awaitility.await().atMost(SOON).until(() -> first.connections() == 0);
    }
}
