package dev.rmb.router.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class StandbyLagsTest {
    private final AtomicInteger questions = new AtomicInteger();
    private long nowNanos;

    @Test
    void theBrokersAreAskedOnceInAWhile() {
        try (var lags =
                new StandbyLags(
                        "test",
                        () -> Map.of(3, (long) questions.incrementAndGet()),
                        () -> nowNanos)) {
            assertThat(lags.look()).isEqualTo(Map.of(3, 1L));
            assertThat(lags.look()).isEqualTo(Map.of(3, 1L));

            nowNanos += StandbyLags.FRESH.toNanos() + 1;

            assertThat(lags.look()).isEqualTo(Map.of(3, 2L));
        }
    }

    @Test
    void brokersThatDoNotAnswerHoldNobodyUpAndAreAskedOnceOnly() throws Exception {
        var away = new CountDownLatch(1);
        try (var lags =
                new StandbyLags(
                        "test",
                        () -> {
                            questions.incrementAndGet();
                            await(away);
                            return Map.of(3, 7L);
                        },
                        () -> nowNanos)) {
            assertThat(lags.look()).isEmpty();
            nowNanos += StandbyLags.FRESH.toNanos() + 1;
            assertThat(lags.look()).isEmpty();
            assertThat(questions).hasValue(1);

            away.countDown();
            assertThat(lags.look()).isEqualTo(Map.of(3, 7L));
        }
    }

    @Test
    void whatFailsIsNotKnownAndAskedAgain() {
        try (var lags =
                new StandbyLags(
                        "test",
                        () -> {
                            if (questions.incrementAndGet() == 1) {
                                throw new IllegalStateException("not running");
                            }
                            return Map.of(3, 7L);
                        },
                        () -> nowNanos)) {
            assertThat(lags.look()).isEmpty();

            nowNanos += StandbyLags.FRESH.toNanos() + 1;

            assertThat(lags.look()).isEqualTo(Map.of(3, 7L));
        }
    }

    @Test
    void onceClosedNothingIsKnown() {
        var lags = new StandbyLags("test", () -> Map.of(3, 7L), () -> nowNanos);
        lags.close();

        assertThat(lags.look()).isEmpty();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
