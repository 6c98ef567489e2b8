package dev.rmb.bench.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PausesTest {
    @Test
    void pausesAreReadFromAJvmsLog() {
        List<String> lines =
                List.of(
                        "[12.345s][info][gc] GC(3) Pause Young (Allocation Failure) 68M->4M(247M) 3.500ms",
                        "[12.400s][info][gc] GC(4) Concurrent Mark Cycle 12.000ms",
                        "[13.000s][info][gc] GC(5) Pause Full (Metadata GC Threshold) 9M->8M(30M) 20.250ms");
        assertThat(Pauses.in(lines)).isEqualTo(new Pauses(2, 23.75, 20.25));
        assertThat(Pauses.in(List.of())).isEqualTo(new Pauses(0, 0, 0));
    }
}
