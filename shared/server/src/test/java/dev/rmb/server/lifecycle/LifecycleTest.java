package dev.rmb.server.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class LifecycleTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final List<String> stopped = new CopyOnWriteArrayList<>();
    private final Lifecycle lifecycle = new Lifecycle();

    private AutoCloseable part(String name) {
        return () -> stopped.add(name);
    }

    @Test
    void partsAreStoppedInReverseAndOnce() {
        lifecycle.start("a", LONG, () -> part("a"));
        lifecycle.start("b", LONG, () -> part("b"));
        lifecycle.add("c", LONG, part("c"));

        lifecycle.close();
        lifecycle.close();

        assertThat(stopped).containsExactly("c", "b", "a");
    }

    @Test
    void aStartThatFailsStopsWhatRanBefore() {
        lifecycle.start("a", LONG, () -> part("a"));

        assertThatThrownBy(() ->
                        lifecycle.<AutoCloseable, IOException>start(
                                "b",
                                LONG,
                                () -> {
                                    throw new IOException("no port");
                                }))
                .isInstanceOf(IOException.class)
                .hasMessage("no port");
        assertThat(stopped).containsExactly("a");
    }

    @Test
    void aStopThatFailsDoesNotKeepTheOthersFromStopping() {
        lifecycle.start("a", LONG, () -> part("a"));
        lifecycle.start(
                "b",
                LONG,
                () ->
                        () -> {
                            throw new IOException("broken");
                        });
        lifecycle.start("c", LONG, () -> part("c"));

        lifecycle.close();

        assertThat(stopped).containsExactly("c", "a");
    }

    @Test
    void aStopThatHangsIsLeftAloneWhenItsTimeIsOver() throws Exception {
        var interrupted = new CountDownLatch(1);
        lifecycle.start("a", LONG, () -> part("a"));
        lifecycle.start(
                "b",
                Duration.ofMillis(50),
                () ->
                        () -> {
                            try {
                                if (new CountDownLatch(1).await(50, TimeUnit.SECONDS)) {
                                    stopped.add("b");
                                }
                            } catch (InterruptedException e) {
                                interrupted.countDown();
                            }
                        });

        lifecycle.close();

        assertThat(stopped).containsExactly("a");
        assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void whatStartsWhileTheProcessStopsIsStoppedAgain() {
        lifecycle.close();

        assertThatThrownBy(() -> lifecycle.start("late", LONG, () -> part("late")))
                .isInstanceOf(IllegalStateException.class);
        assertThat(stopped).containsExactly("late");
    }
}
