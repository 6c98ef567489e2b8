package dev.rmb.peer.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rmb.proto.Backlog;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class UnansweredTest {
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final Unanswered unanswered =
            new Unanswered(2, Duration.ZERO, backlog -> told.add(backlog.getUid()));

    @AfterEach
    void close() {
        unanswered.close();
    }

    private void asked(String uid, Integer... twins) {
        unanswered.asked(Backlog.newBuilder().setUid(uid).setTtl(1).build(), Set.of(twins));
    }

    @Test
    void eachTwinThatIsSilentIsToldOfAtTheEnd() {
        asked("a", 1, 2, 3);
        asked("b", 1);
        unanswered.ended("a", 2);
        unanswered.ended("a", 2);
        unanswered.ended("b", 1);

        await().until(() -> unanswered.size() == 0);

        await().untilAsserted(() -> assertThat(told).containsExactly("a", "a"));
    }

    @Test
    void whatARelayTellsIsOfOneOfThem() {
        asked("a", 1, 2);
        unanswered.oneEnded("a");
        unanswered.oneEnded("a");
        unanswered.oneEnded("a");

        assertThat(unanswered.size()).isZero();
    }

    @Test
    void beyondTheBoundNothingIsRemembered() {
        asked("a", 1);
        asked("b", 1);
        asked("c", 1);

        assertThat(unanswered.size()).isEqualTo(2);
        assertThat(unanswered.waitsFor("c")).isFalse();
        unanswered.ended("a", 1);
        asked("d", 1);
        assertThat(unanswered.waitsFor("d")).isTrue();
    }

    @Test
    void whatFailsInOneEndHoldsUpNoOther() {
        try (var failing =
                new Unanswered(
                        2,
                        Duration.ZERO,
                        backlog -> {
                            told.add(backlog.getUid());
                            throw new AssertionError("fails");
                        })) {
            failing.asked(Backlog.newBuilder().setUid("a").setTtl(1).build(), Set.of(1));
            failing.asked(Backlog.newBuilder().setUid("b").setTtl(1).build(), Set.of(1));

            await().until(() -> told.size() == 2);
        }
    }
}
