package dev.rmb.router.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class PatienceTest {
    private static final Duration FIRST = Duration.ofMillis(100);

    private final Patience patience = new Patience();

    @Test
    void aBrokerThatIsSlowerThanTheFirstWaitIsHeardInTheEnd() {
        assertThat(patience.of(FIRST)).isEqualTo(FIRST);

        patience.timedOut();
        patience.timedOut();

        assertThat(patience.of(FIRST)).isEqualTo(Duration.ofMillis(400));
    }

    @Test
    void aStreamThreadNeverWaitsUntilItsTransactionIsLost() {
        for (int n = 0; n < 1_000; n++) {
            patience.timedOut();
        }

        assertThat(patience.of(FIRST)).isEqualTo(Patience.MOST);
    }
}
