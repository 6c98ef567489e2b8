package dev.rmb.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class TransportsDocumentTest {
    private static final Pattern CODE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    @Test
    void theCodeInTheDocumentIsThatOfATransportThatIsTested() throws IOException {
        String document = Files.readString(Path.of("../docs/transports.md"));
        String source;
        try (Stream<Path> files = Files.list(Path.of("src/test/java/dev/rmb/elsewhere"))) {
            source = files.map(TransportsDocumentTest::read).collect(Collectors.joining());
        }

        assertThat(CODE.matcher(document).results().map(code -> code.group(1)))
                .isNotEmpty()
                .allSatisfy(code -> assertThat(source).contains(code));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
