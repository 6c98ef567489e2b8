package dev.rmb.cluster.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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

        // An executor counts as ended a moment before the last of its threads does.
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(threadsLeft()).isEmpty());
    }

    private static Set<String> threadsLeft() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("warm-up"))
                .collect(Collectors.toSet());
    }
}
