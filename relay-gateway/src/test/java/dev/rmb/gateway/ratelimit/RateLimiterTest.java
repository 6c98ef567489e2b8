package dev.rmb.gateway.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** See docs/specification.md, 8.2: the fixed window. */
final class RateLimiterTest {
    private static final long MINUTE = 60_000;

    @Test
    void byDefaultThereIsNoLimit() {
        RateLimiter limiter = limiter(0, 0);

        for (int i = 0; i < 10_000; i++) {
            assertThat(limiter.take(1, 1 << 20, 0)).isTrue();
        }
    }

    @Test
    void soManyMessagesAreTakenInAMinuteOfTheClock() {
        RateLimiter limiter = limiter(2, 0);

        assertThat(limiter.take(1, 10, MINUTE - 1)).isTrue();
        assertThat(limiter.take(1, 10, MINUTE - 1)).isTrue();
        assertThat(limiter.take(1, 10, MINUTE - 1)).isFalse();
        assertThat(limiter.take(1, 10, MINUTE)).isTrue();
    }

    @Test
    void aClockThatIsSetBackDoesNotMakeOneMinuteOfMany() {
        RateLimiter limiter = limiter(2, 0);
        assertThat(limiter.take(1, 10, 60 * MINUTE)).isTrue();

        for (int minute = 1; minute < 10; minute++) {
            assertThat(limiter.take(1, 10, minute * MINUTE)).isTrue();
            assertThat(limiter.take(1, 10, minute * MINUTE)).isTrue();
            assertThat(limiter.take(1, 10, minute * MINUTE)).isFalse();
        }
    }

    @Test
    void whoIsRefusedIsReportedAgainBecauseTheLastReportMayHaveGotLost() {
        RateLimiter limiter = limiter(1, 0);
        List<Long> reported = new ArrayList<>();
        assertThat(limiter.take(7, 10, MINUTE)).isTrue();
        limiter.report((_, twin, _, _) -> reported.add(twin));

        assertThat(limiter.take(7, 10, MINUTE)).isFalse();
        limiter.report((_, twin, _, _) -> reported.add(twin));

        assertThat(reported).containsExactly(7L, 7L);
    }

    @Test
    void whatWentThroughOthersCountsToo() {
        RateLimiter limiter = limiter(10, 1_000);
        assertThat(limiter.take(1, 10, MINUTE)).isTrue();

        limiter.elsewhere(1, 1, 8, 0);
        assertThat(limiter.take(1, 10, MINUTE)).isTrue();
        assertThat(limiter.take(1, 10, MINUTE)).isFalse();
        // An owner that has just taken over knows less.
        limiter.elsewhere(1, 1, 3, 0);
        assertThat(limiter.take(1, 10, MINUTE)).isFalse();
        assertThat(limiter.take(1, 10, 2 * MINUTE)).isTrue();
        limiter.elsewhere(2, 1, 0, 985);
        assertThat(limiter.take(1, 10, 2 * MINUTE)).isFalse();
        assertThat(limiter.take(1, 5, 2 * MINUTE)).isTrue();
        // Too late, and of somebody who sent nothing here.
        limiter.elsewhere(1, 1, 100, 100);
        limiter.elsewhere(2, 7, 100, 100);
        assertThat(limiter.take(7, 10, 2 * MINUTE)).isTrue();
    }

    @Test
    void whoSentSomethingIsReportedOnceWithAllOfTheMinute() {
        RateLimiter limiter = limiter(10, 0);
        List<String> reports = new ArrayList<>();
        RateLimiter.Reports to =
                (minute, twin, messages, bytes) ->
                        reports.add(minute + ": " + twin + " " + messages + " " + bytes);
        limiter.take(1, 10, MINUTE);
        limiter.take(1, 10, MINUTE);
        limiter.take(2, 5, MINUTE);

        limiter.report(to);
        limiter.report(to);
        assertThat(reports).containsExactly("1: 1 2 20", "1: 2 1 5");

        reports.clear();
        limiter.take(1, 10, MINUTE);
        limiter.report(to);
        assertThat(reports).containsExactly("1: 1 3 30");

        reports.clear();
        limiter.take(2, 1, 2 * MINUTE);
        limiter.report(to);
        assertThat(reports).containsExactly("2: 2 1 1");
    }

    @Test
    void eachTwinHasALimitOfItsOwn() {
        RateLimiter limiter = limiter(1, 0);

        assertThat(limiter.take(1, 10, 0)).isTrue();
        assertThat(limiter.take(2, 10, 0)).isTrue();
        assertThat(limiter.take(1, 10, 0)).isFalse();
    }

    @Test
    void whatDoesNotFitIsNotCounted() {
        RateLimiter limiter = limiter(0, 100);

        assertThat(limiter.take(1, 101, 0)).isFalse();
        assertThat(limiter.take(1, 60, 0)).isTrue();
        assertThat(limiter.take(1, 60, 0)).isFalse();
        assertThat(limiter.take(1, 40, 0)).isTrue();
        assertThat(limiter.take(1, 1, 0)).isFalse();
    }

    @Test
    void aClockThatLagsBehindAnotherDoesNotBeginAnewMinute() {
        RateLimiter limiter = limiter(1, 0);

        assertThat(limiter.take(1, 1, 2 * MINUTE)).isTrue();
        assertThat(limiter.take(1, 1, 2 * MINUTE - 1)).isFalse();
        assertThat(limiter.take(1, 1, 2 * MINUTE)).isFalse();
    }

    @Test
    void aLimitHoldsFromWhenItIsSetAndNoLongerThanThat() {
        var messages = new AtomicLong();
        var limiter = new RateLimiter(new RateLimits(messages::get, () -> 0));
        assertThat(limiter.take(7, 1, 0)).isTrue();
        assertThat(limiter.hasReports()).isFalse();

        messages.set(2);
        assertThat(limiter.take(7, 1, 0)).isTrue();
        assertThat(limiter.take(7, 1, 0)).isTrue();
        assertThat(limiter.take(7, 1, 0)).isFalse();
        assertThat(limiter.hasReports()).isTrue();
        messages.set(3);
        assertThat(limiter.take(7, 1, 0)).isTrue();

        messages.set(0);
        assertThat(limiter.take(7, 1, 0)).isTrue();
        assertThat(limiter.hasReports()).isFalse();
        messages.set(1);
        assertThat(limiter.take(7, 1, 0)).isTrue();
    }

    private static RateLimiter limiter(int messages, long bytes) {
        return new RateLimiter(new RateLimits(() -> messages, () -> bytes));
    }
}
