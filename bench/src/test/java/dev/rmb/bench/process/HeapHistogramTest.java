package dev.rmb.bench.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HeapHistogramTest {
    @Test
    void itIsReadAsTheJdkPrintsIt() {
        HeapHistogram histogram =
                HeapHistogram.parse(
                        List.of(
                                "4711:",
                                " num     #instances         #bytes  class name (module)",
                                "-------------------------------------------------------",
                                "   1:         22005        2178384  [B (java.base@25.0.3)",
                                "   2:          9876         316032  dev.rmb.Something",
                                "Total        123456       12345678"));

        assertThat(histogram.bytes()).isEqualTo(12_345_678);
        assertThat(histogram.classes())
                .containsExactly(
                        Map.entry("[B", 2_178_384L), Map.entry("dev.rmb.Something", 316_032L));
    }

    @Test
    void ofAProcessThatIsNotThereThereIsNone() throws Exception {
        assertThat(HeapHistogram.of(Integer.MAX_VALUE)).isEmpty();
    }

    @Test
    void ofThisProcessThereIsOne() throws Exception {
        assertThat(HeapHistogram.of(ProcessHandle.current().pid()))
                .hasValueSatisfying(h -> assertThat(h.bytes()).isGreaterThan(1_000_000));
    }
}
