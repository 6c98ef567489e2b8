package dev.rmb.twins;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What gateway and router rely on in a directory, wherever it has its twins from. */
abstract class TwinDirectoryContract {
    /** How soon a change must show. */
    static final Duration SOON = Duration.ofSeconds(10);

    /** Makes these twins, and no others, those that the source holds. */
    abstract void given(List<Twin> twins) throws Exception;

    /** The directory under test, opened after the first {@link #given}. */
    abstract TwinDirectory directory();

    @Test
    void aTwinIsFoundByIdAndByAccountWithAllThatIsKnownOfIt() throws Exception {
        given(List.of(Twins.bare(1), Twins.full(7), Twins.full(Twin.MAX_ID)));

        assertThat(now(directory().byId(1))).contains(Twins.bare(1));
        assertThat(now(directory().byId(7))).contains(Twins.full(7));
        assertThat(now(directory().byId(Twin.MAX_ID))).contains(Twins.full(Twin.MAX_ID));
        assertThat(now(directory().byAccount(Twins.account(7)))).contains(Twins.full(7));
    }

    @Test
    void whatIsNoTwinIsAnEmptyAnswerAndNoFailure() throws Exception {
        given(List.of(Twins.bare(1)));

        assertThat(now(directory().byId(2))).isEmpty();
        assertThat(now(directory().byId(0))).isEmpty();
        assertThat(now(directory().byId(-1))).isEmpty();
        assertThat(now(directory().byId(1L << 32 | 1))).isEmpty();
        assertThat(now(directory().byAccount(Twins.account(2)))).isEmpty();
    }

    @Test
    void aChangedTwinShowsSoonAndItsFormerAccountIsNobodys() throws Exception {
        given(List.of(Twins.bare(1), Twins.bare(2)));
        assertThat(now(directory().byId(1))).contains(Twins.bare(1));
        var moved = new Twin(1, Twins.account(99), "relay.example.org", null);

        given(List.of(moved, Twins.bare(2)));

        Awaitility.await()
                .atMost(SOON)
                .untilAsserted(() -> assertThat(now(directory().byId(1))).contains(moved));
        assertThat(now(directory().byAccount(Twins.account(99)))).contains(moved);
        assertThat(now(directory().byAccount(Twins.account(1)))).isEmpty();
        assertThat(now(directory().byAccount(Twins.account(2)))).contains(Twins.bare(2));
    }

    @Test
    void aDeletedTwinIsSoonUnknown() throws Exception {
        given(List.of(Twins.bare(1), Twins.bare(2)));
        assertThat(now(directory().byId(1))).contains(Twins.bare(1));

        given(List.of(Twins.bare(2)));

        Awaitility.await()
                .atMost(SOON)
                .untilAsserted(() -> assertThat(now(directory().byId(1))).isEmpty());
        assertThat(now(directory().byAccount(Twins.account(1)))).isEmpty();
    }

    /** Whether it hears of changes by itself. */
    boolean tellsOfChanges() {
        return true;
    }

    @Test
    void whoWatchesHearsOfChangesAndAfterwardsOfNone() throws Exception {
        given(List.of(Twins.bare(1)));
        assertThat(now(directory().byId(1))).contains(Twins.bare(1));
        Set<Long> heard = ConcurrentHashMap.newKeySet();
        try (TwinDirectory.Watch watch = directory().watch(heard::add)) {
            assertThat(watch).isNotNull();
            given(List.of(Twins.full(1)));
            Awaitility.await()
                    .atMost(SOON)
                    .untilAsserted(
                            () -> assertThat(now(directory().byId(1))).contains(Twins.full(1)));
            if (!tellsOfChanges()) {
                assertThat(heard).isEmpty();
                return;
            }
            Awaitility.await().atMost(SOON).until(() -> heard.contains(1L) || heard.contains(0L));
        }
        heard.clear();
        given(List.of(Twins.bare(1)));
        Awaitility.await()
                .atMost(SOON)
                .untilAsserted(() -> assertThat(now(directory().byId(1))).contains(Twins.bare(1)));
        assertThat(heard).isEmpty();
    }

    static Optional<Twin> now(CompletionStage<Optional<Twin>> answer) throws Exception {
        return answer.toCompletableFuture().get(SOON.toSeconds(), TimeUnit.SECONDS);
    }
}
