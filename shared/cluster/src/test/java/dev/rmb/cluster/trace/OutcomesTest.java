package dev.rmb.cluster.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class OutcomesTest {
    @Test
    void whatWasNotedIsFoundByUidAndByOffset() {
        Outcomes outcomes = new Outcomes();
        outcomes.note(Fate.ACCEPTED, 1_000, 3, 0xFFFF_FFFFL, 42, 17);
        outcomes.note(Fate.ACKNOWLEDGED, 2_000, 3, 0, -5, 17);
        outcomes.note(Fate.TURNED_DOWN, 3_000, 0, 0xFFFF_FFFFL, 42, Outcomes.NOWHERE);
        outcomes.note(Fate.ACCEPTED, 4_000, 3, 7, 42, 18);

        assertThat(outcomes.ofUid(42, 0xFFFF_FFFFL))
                .containsExactly(
                        new Outcomes.Outcome(Fate.ACCEPTED, 1_000, 3, 0xFFFF_FFFFL, 42, 17),
                        new Outcomes.Outcome(
                                Fate.TURNED_DOWN, 3_000, 0, 0xFFFF_FFFFL, 42, Outcomes.NOWHERE));
        assertThat(outcomes.ofOffset(3, 17))
                .extracting(Outcomes.Outcome::fate)
                .containsExactly(Fate.ACCEPTED, Fate.ACKNOWLEDGED);
        assertThat(outcomes.ofOffset(2, 17)).isEmpty();
        assertThat(outcomes.ofOffset(0, Outcomes.NOWHERE)).isEmpty();
    }

    @Test
    void theLastHundredThousandAreRemembered() {
        Outcomes outcomes = new Outcomes();
        int noted = 3 * Outcomes.CAPACITY + 5;
        for (int i = 0; i < noted; i++) {
            outcomes.note(Fate.ACCEPTED, i, 0, 7, i, i);
        }

        assertThat(outcomes.count()).isEqualTo(noted);
        assertThat(outcomes.ofOffset(0, noted - 1)).hasSize(1);
        assertThat(outcomes.ofOffset(0, noted - 100_000)).hasSize(1);
        assertThat(outcomes.ofOffset(0, noted - Outcomes.CAPACITY - 1)).isEmpty();
    }

    @Test
    void whoeverReadsWhileOthersWriteSeesWholeOutcomesOnly() throws Exception {
        Outcomes outcomes = new Outcomes(64);
        AtomicBoolean over = new AtomicBoolean();
        List<Thread> writers =
                IntStream.range(0, 2)
                        .mapToObj(w ->
                                Thread.ofPlatform()
                                        .start(() -> {
                                            for (long i = 0; !over.get(); i++) {
                                                outcomes.note(
                                                        Fate.ACCEPTED,
                                                        i,
                                                        w,
                                                        i & 0xFFFF_FFFFL,
                                                        42,
                                                        i);
                                            }
                                        }))
                        .toList();
        List<Outcomes.Outcome> broken = new ArrayList<>();
        try {
            for (int i = 0; i < 20_000; i++) {
                for (int w = 0; w < 2; w++) {
                    for (Outcomes.Outcome o : outcomes.ofOffset(w, outcomes.count() / 2)) {
                        if (o.atMs() != o.offset() || o.twin() != o.offset()) {
                            broken.add(o);
                        }
                    }
                }
            }
        } finally {
            over.set(true);
            for (Thread writer : writers) {
                writer.join();
            }
        }
        assertThat(broken).isEmpty();
    }
}
