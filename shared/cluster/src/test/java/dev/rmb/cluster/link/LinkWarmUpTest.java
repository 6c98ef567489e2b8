package dev.rmb.cluster.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class LinkWarmUpTest {
    /** Far below the patience: it ends when everything has arrived, and not when that is over. */
    @Test
    @Timeout(60)
    void endsWhenAMessageOfEveryKindHasArrivedAndLeavesNoThread() throws Exception {
        LinkWarmUp.run(Duration.ofMinutes(5));

        Set<String> left =
                Thread.getAllStackTraces().keySet().stream()
                        .map(Thread::getName)
                        .filter(name -> name.startsWith("warm-up"))
                        .collect(Collectors.toSet());
        assertThat(left).isEmpty();
    }
}
