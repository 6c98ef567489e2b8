package dev.rmb.reliability.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import org.junit.jupiter.api.Test;

final class WorkplaceTest {
    @Test
    void aWorkplaceGoesWithEverythingInIt() throws Exception {
        Workplace workplace = Workplace.create();
        Files.createDirectories(workplace.directory().resolve("a/b"));
        Files.writeString(workplace.directory().resolve("a/b/file"), "text");

        workplace.delete();

        assertThat(workplace.directory()).doesNotExist();
        workplace.delete();
    }
}
