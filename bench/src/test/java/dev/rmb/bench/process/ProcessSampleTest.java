package dev.rmb.bench.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessSampleTest {
    @Test
    void aCommandWithBracketsAndSpacesDoesNotShiftTheFields(@TempDir Path process)
            throws IOException {
        Files.writeString(
                process.resolve("stat"),
                "42 (a) b (c)) S 1 1 1 0 -1 4194560 9 9 9 9 150 50 7 7 20 0 1 0 100 1 1\n");
        Files.writeString(process.resolve("status"), "VmHWM:\t  2048 kB\nVmRSS:\t  1024 kB\n");

        assertThat(ProcessSample.of(process))
                .hasValue(new ProcessSample(2_000_000, 1 << 20, 2 << 20));
    }

    @Test
    void aProcessThatIsNotThereHasNoSample() {
        assertThat(ProcessSample.of(Long.MAX_VALUE)).isEmpty();
    }
}
