package dev.rmb.bench.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ThreadTimesTest {
    @TempDir Path process;

    private void thread(int id, String name, long nanos) throws Exception {
        Path task = Files.createDirectories(process.resolve("task").resolve(Integer.toString(id)));
        Files.writeString(task.resolve("comm"), name + "\n");
        Files.writeString(task.resolve("schedstat"), nanos + " 17 3\n");
    }

    @Test
    void threadsThatDifferByANumberAreAddedUp() throws Exception {
        thread(7, "dw-12", 1_000);
        thread(8, "dw-13", 500);
        thread(9, "gateway-loop 1", 70);
        ThreadTimes before = ThreadTimes.of(process);
        thread(7, "dw-12", 1_500);
        thread(10, "dw-14", 20);

        assertThat(ThreadTimes.of(process).since(before))
                .isEqualTo(Map.of("dw", 520L, "gateway-loop", 0L));
    }

    @Test
    void aProcessThatIsNotThereHasNoThreads() {
        assertThat(ThreadTimes.of(process.resolve("gone")).byThread()).isEmpty();
    }
}
