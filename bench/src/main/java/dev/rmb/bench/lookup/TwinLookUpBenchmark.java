package dev.rmb.bench.lookup;

import dev.rmb.protocol.identity.AccountId;
import dev.rmb.twins.CacheSettings;
import dev.rmb.twins.InMemoryTwins;
import dev.rmb.twins.Twin;
import dev.rmb.twins.TwinCache;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What does it cost to look a twin up that is known, among 100,000 of them? */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class TwinLookUpBenchmark {
    private static final int TWINS = 100_000;

    /** Powers of two: the next one costs no division. */
    private static final String ONE = "1";

    private static final String BUSY = "1024";
    private static final String NEARLY_ALL = "65536";

    /**
     * How many of the twins are asked for in turn: with few of them it is the code's time, with
     * nearly all of them the memory's, which no cache of a processor holds.
     */
    @Param({ONE, BUSY, NEARLY_ALL})
    public int asked;

    private final InMemoryTwins registry = new InMemoryTwins();
    private final TwinCache cache = new TwinCache(new Source(), cacheSettings());
    private long[] ids = {};
    private AccountId[] accounts = {};
    private int next;

    private static CacheSettings cacheSettings() {
        return new CacheSettings(2 * TWINS, Duration.ofSeconds(10));
    }

    private static final class Source implements TwinCache.Source {
        @Override
        public CompletionStage<Optional<Twin>> twin(long id) {
            return CompletableFuture.completedStage(Optional.of(TwinLookUpBenchmark.twin(id)));
        }

        @Override
        public CompletionStage<Optional<Long>> id(AccountId account) {
            return CompletableFuture.completedStage(
                    Optional.of(ByteBuffer.wrap(account.bytes()).getLong()));
        }
    }

    private static Twin twin(long id) {
        return new Twin(id, account(id), "r1.example.org_r2.example.org", new byte[33]);
    }

    private static AccountId account(long id) {
        return AccountId.of(ByteBuffer.allocate(AccountId.LENGTH).putLong(id).array());
    }

    /** Everything is asked for once. */
    @Setup
    public void fill() {
        for (long id = 1; id <= TWINS; id++) {
            registry.put(twin(id));
            var _ = cache.byAccount(account(id)).toCompletableFuture().join();
        }
        var random = new SplittableRandom(1);
        ids = new long[asked];
        accounts = new AccountId[asked];
        for (int i = 0; i < asked; i++) {
            ids[i] = random.nextLong(1, TWINS + 1L);
            accounts[i] = account(ids[i]);
        }
    }

    private int next() {
        next = (next + 1) & (asked - 1);
        return next;
    }

    /** Of a distant source: the chain's. */
    @Benchmark
    public CompletionStage<Optional<Twin>> cachedById() {
        return cache.byId(ids[next()]);
    }

    @Benchmark
    public CompletionStage<Optional<Twin>> cachedByAccount() {
        return cache.byAccount(accounts[next()]);
    }

    /** Of the registry and of a file. */
    @Benchmark
    public CompletionStage<Optional<Twin>> inMemoryById() {
        return registry.byId(ids[next()]);
    }
}
