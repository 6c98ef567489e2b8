package dev.rmb.twins;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rmb.protocol.identity.AccountId;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class TwinCacheTest {
    private static final int MANY = 100_000;
    private static final long MIB = 1 << 20;

    private final AtomicInteger asked = new AtomicInteger();
    private boolean away;
    private boolean gone;

    private final class Source implements TwinCache.Source {
        @Override
        public CompletionStage<Optional<Twin>> twin(long id) {
            asked.incrementAndGet();
            if (away) {
                return CompletableFuture.failedStage(DirectoryException.retryable("away", null));
            }
            if (gone) {
                return CompletableFuture.completedStage(Optional.empty());
            }
            String relay = "relay" + id % 4 + ".example.org_relay" + id % 3 + ".example.org";
            return CompletableFuture.completedStage(
                    Optional.of(new Twin(id, Twins.account(id), relay, Twins.pk((int) id))));
        }

        @Override
        public CompletionStage<Optional<Long>> id(AccountId account) {
            return CompletableFuture.completedStage(Optional.empty());
        }
    }

    @Test
    void aHundredThousandTwinsTakeAtMost30MiB() {
        long before = used();
        var cache = new TwinCache(new Source(), settings(MANY));
        for (int id = 1; id <= MANY; id++) {
            assertThat(cache.byId(id).toCompletableFuture().join()).isPresent();
        }
        long grown = used() - before;

        // The policy may have pushed a few out on the way to its bound.
        assertThat(cache.size()).isBetween(MANY * 99L / 100, (long) MANY);
        assertThat(grown).isLessThan(30 * MIB);
        assertThat(grown).isGreaterThan(10 * MIB);
        assertThat(cache.byId(MANY).toCompletableFuture()).isDone();
    }

    @Test
    void theCacheIsBounded() {
        var cache = new TwinCache(new Source(), settings(100));
        for (int id = 1; id <= 10_000; id++) {
            assertThat(cache.byId(id).toCompletableFuture()).isDone();
        }

        assertThat(cache.size()).isLessThanOrEqualTo(100);
        assertThat(asked).hasValue(10_000);
    }

    @Test
    void whatIsHeardOfTwinsNobodyAskedForIsNotKept() {
        var cache = new TwinCache(new Source(), settings(100));

        cache.stored(Twins.full(7));

        assertThat(cache.size()).isZero();
    }

    @Test
    void anAccountThatRegistersAnewIsFoundByItsNewTwin() {
        Map<Long, Twin> chain = new HashMap<>();
        Map<AccountId, Long> ids = new HashMap<>();
        var cache = new TwinCache(new Given(chain, ids), settings(100));
        AccountId account = Twins.account(1);
        // Deleted between the question for its id and that for the twin.
        ids.put(account, 7L);
        assertThat(cache.byAccount(account).toCompletableFuture().join()).isEmpty();
        var anew = new Twin(9, account, null, null);
        chain.put(9L, anew);
        ids.put(account, 9L);

        cache.stored(anew);

        assertThat(cache.byAccount(account).toCompletableFuture().join()).contains(anew);
    }

    private record Given(Map<Long, Twin> twins, Map<AccountId, Long> ids)
            implements TwinCache.Source {
        @Override
        public CompletionStage<Optional<Twin>> twin(long id) {
            return CompletableFuture.completedStage(Optional.ofNullable(twins.get(id)));
        }

        @Override
        public CompletionStage<Optional<Long>> id(AccountId account) {
            return CompletableFuture.completedStage(Optional.ofNullable(ids.get(account)));
        }
    }

    @Test
    void whatIsDoubtedIsAskedForAnewAndKnownUntilThereIsAnAnswer() {
        var cache = new TwinCache(new Source(), settings(100));
        Twin known = cache.byId(7).toCompletableFuture().join().orElseThrow();

        assertThat(cache.byIdAnew(7).toCompletableFuture().join()).contains(known);
        assertThat(asked).hasValue(2);

        away = true;
        assertThat(cache.byIdAnew(7).toCompletableFuture()).isCompletedExceptionally();
        assertThat(cache.byId(7).toCompletableFuture().join()).contains(known);

        away = false;
        gone = true;
        assertThat(cache.byIdAnew(7).toCompletableFuture().join()).isEmpty();
        assertThat(cache.byId(7).toCompletableFuture().join()).isEmpty();
        assertThat(asked).hasValue(4);

        gone = false;
        assertThat(cache.byIdAnew(7).toCompletableFuture().join()).contains(known);
        assertThat(cache.byId(7).toCompletableFuture().join()).contains(known);
        assertThat(asked).hasValue(5);
    }

    @Test
    void whatCanBeNoTwinIsAskedForNowhere() {
        var cache = new TwinCache(new Source(), settings(100));

        assertThat(cache.byIdAnew(0).toCompletableFuture().join()).isEmpty();
        assertThat(cache.byIdAnew(Twin.MAX_ID + 1).toCompletableFuture().join()).isEmpty();
        assertThat(asked).hasValue(0);
    }

    private static CacheSettings settings(int size) {
        return new CacheSettings(size, Duration.ofSeconds(10));
    }

    private static long used() {
        Runtime runtime = Runtime.getRuntime();
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
