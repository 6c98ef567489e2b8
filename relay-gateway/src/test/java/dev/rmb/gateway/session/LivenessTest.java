package dev.rmb.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rmb.gateway.session.Liveness.Verdict;
import org.junit.jupiter.api.Test;

final class LivenessTest {
    private static final long IDLE = 30;
    private static final long ANSWER = 60;

    private final Liveness liveness = new Liveness(IDLE, ANSWER, 1000);

    @Test
    void whoIsSilentIsProbedAndWhoSpeaksIsNot() {
        assertThat(liveness.check(1029)).isEqualTo(Verdict.FINE);
        liveness.heard(1029);
        assertThat(liveness.check(1030)).isEqualTo(Verdict.FINE);
        assertThat(liveness.check(1059)).isEqualTo(Verdict.PROBE);
    }

    @Test
    void anUnansweredProbeEndsItEvenIfTheClientSpeaks() {
        liveness.probed(1000);
        liveness.probed(1050);
        liveness.heard(1059);
        assertThat(liveness.check(1059)).isEqualTo(Verdict.FINE);
        assertThat(liveness.check(1060)).isEqualTo(Verdict.GONE);
    }

    @Test
    void anAnswerToAnEarlierProbeGivesTheLaterOnesTheirTime() {
        liveness.probed(1000);
        liveness.answered(false, 1059);
        assertThat(liveness.check(1118)).isEqualTo(Verdict.FINE);
        assertThat(liveness.check(1119)).isEqualTo(Verdict.GONE);
    }

    @Test
    void anAnswerToAllMakesItIdleAgain() {
        liveness.probed(1000);
        liveness.answered(true, 1010);
        assertThat(liveness.check(1039)).isEqualTo(Verdict.FINE);
        assertThat(liveness.check(1040)).isEqualTo(Verdict.PROBE);
    }

    @Test
    void rule14TheClockStandsStillWhileTheSocketIsNotRead() {
        liveness.probed(1000);
        liveness.stop(1050);
        assertThat(liveness.check(5000)).isEqualTo(Verdict.FINE);
        liveness.go(5000);
        assertThat(liveness.check(5009)).isEqualTo(Verdict.FINE);
        assertThat(liveness.check(5010)).isEqualTo(Verdict.GONE);
    }

    @Test
    void aProbeSentWhileTheSocketIsNotReadHasItsWholeTimeAfterwards() {
        liveness.stop(1000);
        liveness.probed(1500);
        liveness.go(2000);
        assertThat(liveness.check(2059)).isEqualTo(Verdict.FINE);
        assertThat(liveness.check(2060)).isEqualTo(Verdict.GONE);
    }

    @Test
    void theNextCheckIsNeverAfterTheMomentItMatters() {
        assertThat(liveness.nextCheckIn(1010)).isEqualTo(IDLE - 10);
        liveness.probed(1010);
        assertThat(liveness.nextCheckIn(1020)).isEqualTo(ANSWER - 10);
        liveness.stop(1020);
        assertThat(liveness.nextCheckIn(1030)).isPositive();
    }
}
