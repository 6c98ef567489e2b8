package dev.rmb.router.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rmb.cluster.link.GatewayMessage;
import dev.rmb.cluster.link.TwinUsage;
import java.util.List;
import org.junit.jupiter.api.Test;

final class UsagesTest {
    private static final long ONE = 1;
    private static final long TWO = 2;
    private static final long THREE = -3;

    private final Usages usages = new Usages();

    @Test
    void eachGatewayHearsWhatWentThroughTheOthers() {
        assertThat(report(ONE, 10, used(7, 5, 500))).containsExactly(used(7, 0, 0));
        assertThat(report(TWO, 10, used(7, 2, 20))).containsExactly(used(7, 5, 500));
        assertThat(report(THREE, 10, used(7, 1, 1))).containsExactly(used(7, 7, 520));
        assertThat(report(ONE, 10, used(7, 6, 600))).containsExactly(used(7, 3, 21));
    }

    @Test
    void aReportThatIsRepeatedCountsOnce() {
        report(ONE, 10, used(7, 5, 500));
        report(ONE, 10, used(7, 5, 500));

        assertThat(report(TWO, 10, used(7, 1, 1))).containsExactly(used(7, 5, 500));
    }

    @Test
    void eachMinuteAndEachTwinIsOfItsOwn() {
        report(ONE, 10, used(7, 5, 500), used(8, 1, 1));

        assertThat(report(TWO, 11, used(7, 1, 1))).containsExactly(used(7, 0, 0));
        assertThat(report(TWO, 10, used(8, 1, 1), used(9, 1, 1)))
                .containsExactly(used(8, 1, 1), used(9, 0, 0));
    }

    @Test
    void noMoreThanTwoMinutesAreRemembered() {
        for (int minute = 0; minute < 1_000; minute++) {
            report(ONE, minute, used(7, 1, 1), used(8, 1, 1));
        }
        // Somebody whose clock stands still does not drive out the present.
        report(TWO, 3, used(7, 1, 1));

        assertThat(usages.size()).isLessThanOrEqualTo(4);
        assertThat(report(TWO, 999, used(7, 1, 1))).containsExactly(used(7, 1, 1));
    }

    private List<TwinUsage> report(long gateway, long minute, TwinUsage... twins) {
        var answer = usages.report(gateway, new GatewayMessage.Used(3, 4, minute, List.of(twins)));
        assertThat(answer.partition()).isEqualTo(3);
        assertThat(answer.epoch()).isEqualTo(4);
        assertThat(answer.minute()).isEqualTo(minute);
        return answer.twins();
    }

    private static TwinUsage used(long twin, long messages, long bytes) {
        return new TwinUsage(twin, messages, bytes);
    }
}
